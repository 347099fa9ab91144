import Learning
import Tensors
import Testing

@Suite struct ScheduleTests {
  /// Those that PyTorch has, from its own rates.
  static let cases: [(String, any Schedule)] = [
    ("step", StepDecay(initial: 0.4, factor: 0.3, every: 7)), ("exponential", ExponentialDecay(initial: 0.4, factor: 0.9)),
    ("polynomial", PolynomialDecay(initial: 0.4, steps: 20, power: 2)), ("cosine", CosineDecay(initial: 0.4, final: 0.05, steps: 30)),
    ("warmUp", WarmUp(steps: 6, from: 0.1, then: ExponentialDecay(initial: 0.4, factor: 0.9))), ("oneCycle", OneCycle(peak: 0.4, steps: 31)),
    ("oneCycleLinear", OneCycle(peak: 0.4, steps: 31, risingShare: 0.5, startDivisor: 10, endDivisor: 100, course: .linear)),
  ]

  @Test(arguments: cases.indices) func ratesAsInPyTorch(_ number: Int) {
    let (name, schedule) = Self.cases[number], expected = fixture["schedules"][name].numbers
    #expect(expected.count == 30)
    expectClose(expected.indices.map { schedule.rate(at: $0) }, expected, relative: 1e-6, absolute: 1e-9, name)
  }

  @Test func everyScheduleOfTheFixtureIsTested() { #expect(Set(fixture["schedules"].object.keys) == Set(Self.cases.map(\.0))) }

  @Test func formulas() {
    #expect(ConstantRate(0.3).rate(at: 1_000_000) == 0.3)
    let inverse = InverseTimeDecay(initial: 1, decay: 0.5, every: 10)
    #expect([0, 9, 10, 19, 40].map { inverse.rate(at: $0) } == [1, 1, Float(1 / 1.5), Float(1 / 1.5), Float(1 / 3.0)])
    #expect(PolynomialDecay(initial: 1, final: 0.5, steps: 10).rate(at: 5) == 0.75)
  }

  @Test func ratesStayAfterTheEnd() {
    for far in [30, 31, 1_000, Int.max] {
      #expect(PolynomialDecay(initial: 1, final: 0.25, steps: 30).rate(at: far) == 0.25)
      #expect(CosineDecay(initial: 1, final: 0.25, steps: 30).rate(at: far) == 0.25)
      #expect(abs(OneCycle(peak: 1, steps: 30).rate(at: far) - 1 / 250_000) < 1e-12)
      #expect(WarmUp(steps: 30, then: ConstantRate(0.5)).rate(at: far) == 0.5)
    }
  }

  @Test func shortCycles() {
    for steps in 1...4 {
      for share in [0, 0.3, 1] {
        for step in 0..<6 {
          let rate = OneCycle(peak: 1, steps: steps, risingShare: share).rate(at: step)
          #expect(rate > 0 && rate <= 1, "\(steps) steps, \(share), step \(step)")
        }
      }
    }
    #expect(WarmUp(steps: 4, then: ConstantRate(1)).rate(at: 0) == 0 && WarmUp(steps: 0, then: ConstantRate(1)).rate(at: 0) == 1)
  }

  static func plateau(_ number: Int) -> ReduceOnPlateau {
    let test = fixture["plateaus"][number], options = test["options"]
    return ReduceOnPlateau(
      initial: 0.4, test["mode"].text == "min" ? .lowerIsBetter : .higherIsBetter, factor: options["factor"].number,
      patience: Int(options["patience"].number), threshold: options["threshold"].optional ?? 1e-4, cooldown: Int(options["cooldown"].optional ?? 0),
      minimum: Float(options["min_lr"].optional ?? 0))
  }

  @Test(arguments: 0..<2) func plateausAsInPyTorch(_ number: Int) throws {
    let test = fixture["plateaus"][number], measures = test["measures"].numbers
    var schedule = Self.plateau(number)
    expectClose(measures.map { schedule.observe($0) }, test["rates"].numbers, relative: 1e-6, absolute: 0)
    // Interrupted after each observation.
    var resumed = Self.plateau(number)
    expectClose(
      try measures.map { measure in
        let state = dictionary(resumed.state)
        resumed = Self.plateau(number)
        try resumed.restore(state)
        return resumed.observe(measure)
      }, test["rates"].numbers, relative: 1e-6, absolute: 0)
    #expect(resumed.best == schedule.best)
  }

  @Test func measuresThatAreNotNumbersAreNoBetter() throws {
    var schedule = ReduceOnPlateau(initial: 1, patience: 1)
    #expect(schedule.observe(.nan) == 1 && schedule.best == nil && schedule.observe(.nan) < 1)
    #expect(throws: StateError.missing(name: "rate")) { try schedule.restore([:]) }
  }
}
