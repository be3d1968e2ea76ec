/** The script of a report: it steps through the diagrams that are in it, and shows what the memory holds after each step. */
export const STEPPING = `
for (const stepped of document.querySelectorAll('.stepped')) {
  const rows = [...stepped.querySelectorAll('.diagram-row')]
  const cells = [...stepped.querySelectorAll('.memory tr')]
  const caption = stepped.querySelector('.memory-title')
  const { first, rows: changes } = JSON.parse(stepped.querySelector('script').textContent)
  const said = stepped.querySelector('output')
  const ends = rows.map((row) => Number(row.dataset.end))
  let at = rows.length
  const go = (to) => {
    at = Math.max(0, Math.min(rows.length, to))
    const taken = ends[at - 1] ?? 0
    rows.forEach((row, index) => {
      row.classList.toggle('ahead', index >= at)
      if (index === at - 1) row.setAttribute('aria-current', 'step')
      else row.removeAttribute('aria-current')
    })
    const held = [...first]
    const changed = new Set()
    changes.slice(0, at).forEach((row, index) => row.forEach(([word, after, writes]) => {
      held[word] = after
      if (writes && index === at - 1) changed.add(word)
    }))
    cells.forEach((row, index) => {
      row.className = changed.has(index) ? 'changed' : ''
      row.lastElementChild.textContent = held[index] + (changed.has(index) ? ' ← changed' : '')
    })
    caption.textContent = 'Shared memory after step ' + taken
    said.textContent = 'step ' + taken + ' of ' + (ends.at(-1) ?? 0)
  }
  const acts = { first: () => go(0), back: () => go(at - 1), on: () => go(at + 1), last: () => go(rows.length) }
  for (const button of stepped.querySelectorAll('button')) button.onclick = acts[button.name]
  stepped.onkeydown = (event) => {
    const { key } = event
    if (key === 'ArrowDown' || key === 'ArrowRight') acts.on()
    else if (key === 'ArrowUp' || key === 'ArrowLeft') acts.back()
    else return
    event.preventDefault()
  }
  rows.forEach((row, index) => { row.onclick = () => go(index + 1) })
  stepped.classList.add('live')
  go(rows.length)
}
`
