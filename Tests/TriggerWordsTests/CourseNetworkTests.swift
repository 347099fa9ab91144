import Learning
import Tensors
import Testing
import TriggerWords

@Suite struct CourseNetworkTests {
  @Test func hasTheCoursesParametersAndSteps() {
    var random = RandomNumbers(seed: 1)
    let network = CourseNetwork(using: &random)
    // Keras counts the running statistics too.
    #expect(network.parameters.reduce(0) { $0 + $1.parameter.value.count } == 523_329)
    let recorder = Recorder(), x = recorder.input("x", [1, 101, 5511])
    #expect(network(x, phase: .inference).shape == [1, 1375])
  }
}
