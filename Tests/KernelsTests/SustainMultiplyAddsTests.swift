import Kernels
import Testing

@Suite struct SustainMultiplyAddsTests {
  /// Σ_i (i + rounds · factor²) over twelve chains, exact for such numbers.
  @Test(arguments: tables.indices) func everyChainIsComputed(table: Int) {
    for rounds in [0, 1, 7, 1000] { #expect(tables[table].sustainMultiplyAdds(rounds, 0.5) == 66 + 12 * Float(rounds) * 0.25) }
  }
}
