import Cats
import FoundationEssentials
import Media
import Training

/// A page of HTML for looking at mistakes: the measures, the plots, and the worst mistakes, each of which can be tagged with its causes.
///
/// A table says how much each cause would give at best, were all its mistakes gone: the share of the tagged mistakes that it has, times the error. That is
/// ``ErrorCeilings`` in the page's own script, so that it follows each tag. Pictures and plots are inside, and tags are kept by the browser: the page needs nothing else.
///
/// - Throws: ``ImageError`` when a picture cannot be encoded.
func errorAnalysisPage(of evaluation: CatEvaluation, _ probabilities: [Float], _ set: PictureSet) throws(ImageError) -> String {
  let shown = evaluation.mistakes.prefix(100)
  var cards = ""
  for (number, index) in shown.enumerated() {
    let isCat = probabilities[index] < evaluation.threshold
    cards += """
      <figure data-mistake="\(number)"><img src="\(dataAddress(try encode(set.image(index), as: .jpeg, quality: 90), "jpeg"))" alt="">
      <figcaption><b>\(isCat ? "a cat, not seen" : "no cat, taken for one")</b><br>\(percent(Double(probabilities[index]))) cat<br>
      <span class="name">\(escaped(set.names[index]))</span></figcaption><div class="tags"></div></figure>

      """
  }
  let error = Double(evaluation.mistakes.count) / Double(evaluation.count), record = CatEvaluationRecord(evaluation, set, probabilities)
  let reliability = try evaluation.reliability.plot(title: "Reliability").image()
  let confusion = try evaluation.confusion.picture(title: "Confusion", classes: ["no cat", "cat"])
  return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>Mistakes: \(escaped(set.source))</title>
    <style>
    body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #222 }
    pre { background: #f4f4f4; padding: 1rem; overflow-x: auto }
    .plots img { max-height: 20rem; margin-right: 1rem }
    .mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 1rem }
    figure { margin: 0; border: 1px solid #ddd; border-radius: .5rem; padding: .6rem }
    figure.tagged { border-color: #3572b0; box-shadow: 0 0 0 1px #3572b0 }
    figure img { width: 100%; image-rendering: auto; border-radius: .3rem }
    .name { color: #777; font-size: 12px; overflow-wrap: anywhere }
    .tags button { font: inherit; font-size: 12px; margin: .15rem .15rem 0 0; border: 1px solid #bbb; border-radius: 1rem; background: #fff; cursor: pointer }
    .tags button[aria-pressed=true] { background: #3572b0; border-color: #3572b0; color: #fff }
    table { border-collapse: collapse } td, th { padding: .25rem .9rem .25rem 0; text-align: right } td:first-child, th:first-child { text-align: left }
    </style></head><body>
    <h1>Mistakes</h1>
    <p>\(escaped(set.source)): \(evaluation.count) pictures, \(evaluation.mistakes.count) wrong answers\(shown.count < evaluation.mistakes.count ? ", the worst \(shown.count) of which are below" : "").</p>
    <pre>\(escaped(record.table))</pre>
    <div class="plots"><img src="\(dataAddress(try encode(reliability, as: .png), "png"))" alt="Reliability">
    <img src="\(dataAddress(try encode(confusion, as: .png), "png"))" alt="Confusion"></div>
    <h2>What each cause would give</h2>
    <p>Tag mistakes below with their causes; a mistake may have several. <label>Another cause: <input id="cause" size="14"></label> <button id="add">add</button></p>
    <table><thead><tr><th>cause</th><th>mistakes</th><th>share</th><th>error without them, at best</th></tr></thead><tbody id="ceilings"></tbody></table>
    <p id="looked"></p>
    <h2>The worst first</h2>
    <div class="mistakes">
    \(cards)</div>
    <script>
    const error = \(error), key = "mistakes:" + location.pathname
    let state = { causes: ["blurred", "dark", "small", "half hidden", "drawing", "looks alike", "wrong label"], tags: {} }
    try { state = JSON.parse(localStorage.getItem(key)) || state } catch (_) {}
    const percent = x => (100 * x).toFixed(1) + " %"
    function draw() {
      try { localStorage.setItem(key, JSON.stringify(state)) } catch (_) {}
      let looked = 0
      const counts = {}
      document.querySelectorAll("figure").forEach(figure => {
        const own = state.tags[figure.dataset.mistake] || []
        if (own.length) looked++
        own.forEach(cause => counts[cause] = (counts[cause] || 0) + 1)
        figure.classList.toggle("tagged", own.length > 0)
        const box = figure.querySelector(".tags")
        box.replaceChildren(...state.causes.map(cause => {
          const button = document.createElement("button")
          button.textContent = cause
          button.setAttribute("aria-pressed", own.includes(cause))
          button.onclick = () => {
            state.tags[figure.dataset.mistake] = own.includes(cause) ? own.filter(other => other !== cause) : own.concat(cause)
            draw()
          }
          return button
        }))
      })
      const rows = Object.entries(counts).sort((a, b) => b[1] - a[1])
      document.getElementById("ceilings").replaceChildren(...rows.map(([cause, count]) => {
        const row = document.createElement("tr"), share = count / looked
        for (const text of [cause, count, percent(share), percent(error) + " → " + percent(error * (1 - share))]) {
          const cell = document.createElement("td")
          cell.textContent = text
          row.append(cell)
        }
        return row
      }))
      document.getElementById("looked").textContent = looked + " of " + document.querySelectorAll("figure").length + " mistakes tagged; the error is " + percent(error) + "."
    }
    document.getElementById("add").onclick = () => {
      const field = document.getElementById("cause"), cause = field.value.trim()
      if (cause && !state.causes.includes(cause)) state.causes.push(cause)
      field.value = ""
      draw()
    }
    draw()
    </script></body></html>

    """
}

private func dataAddress(_ bytes: [UInt8], _ kind: String) -> String { "data:image/\(kind);base64,\(Data(bytes).base64EncodedString())" }

private func escaped(_ text: String) -> String {
  var result = ""
  for character in text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
  return result
}
