import Commands
import Testing

@Suite struct ProgressBarTests {
  func line(_ done: Int, of total: Int?, elapsed: Double = 10, unit: ProgressBar.Unit = .items, width: Int = 80, hasColor: Bool = false, first: Int = 0) -> String {
    ProgressBar.line(label: "pictures", done: done, total: total, first: first, elapsed: elapsed, unit: unit, width: width, hasColor: hasColor)
  }

  @Test func amountsAndTimeLeft() {
    let bar = String(repeating: "━", count: 7) + String(repeating: "─", count: 23)
    #expect(line(25, of: 100) == "pictures \(bar)  25 %  25/100  30 s left")
    #expect(line(100, of: 100).hasSuffix(" 100 %  100/100"))
    #expect(line(0, of: 100).hasSuffix("   0 %  0/100"))
    #expect(line(2_500_000, of: 10_000_000, unit: .bytes).hasSuffix("25 %  2.5 MB/10.0 MB  30 s left"))
    #expect(line(7, of: nil) == "pictures 7")
  }

  @Test func resumedWorkDoesNotCountForTheSpeed() {
    // 10 of the 60 done in 10 seconds: 40 left take 40 seconds
    #expect(line(60, of: 100, first: 50).hasSuffix("40 s left"))
  }

  @Test(arguments: [1, 2, 10, 20, 40, 60, 80, 300]) func fitsTheTerminal(width: Int) {
    for done in [0, 1, 999, 1000] { #expect(line(done, of: 1000, width: width).count < max(width, 2)) }
  }

  @Test func colourOnlyWhereWanted() {
    #expect(line(1, of: 2, hasColor: true).contains("\u{1b}["))
    #expect(!line(1, of: 2).contains("\u{1b}"))
  }

  @Test func numbersOutOfRange() {
    #expect(line(5, of: 0) == "pictures 5")
    #expect(line(300, of: 100).contains("100 %"))
    #expect(line(-5, of: 100).contains("0 %"))
  }

  @Test func durations() {
    for (seconds, text) in [(0.2, "1 s"), (59, "59 s"), (60, "1:00"), (187, "3:07"), (3723, "1:02:03"), (1e9, "> 99 h"), (.infinity, "> 99 h")] {
      #expect(ProgressBar.duration(seconds) == text)
    }
  }

  @Test func aNoteIsShownWhereThereIsRoom() {
    func line(_ width: Int) -> String {
      ProgressBar.line(label: "cnn", done: 50, total: 100, first: 0, elapsed: 2, unit: .items, note: "loss 0.2 █▄▁", width: width, hasColor: false)
    }
    #expect(line(100).hasSuffix("50/100  2 s left  loss 0.2 █▄▁") && line(100).contains("━"))
    #expect(line(50).hasSuffix("50/100  2 s left") && line(50).contains("━") && line(50).count < 50)
  }

  @Test func sparklines() {
    #expect(sparkline([7, 6, 5, 4, 3, 2, 1, 0], width: 10) == "█▇▆▅▄▃▂▁" && sparkline([1, 1], width: 4) == "▁▁" && sparkline([], width: 4) == "")
    #expect(sparkline([8, 6, 2, 0], width: 2) == "█▁" && sparkline([0, .nan, 1], width: 3) == "▁ █" && sparkline([.nan], width: 3) == " " && sparkline([1], width: 0) == "")
  }
}
