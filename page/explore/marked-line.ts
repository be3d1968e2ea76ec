/** The line of the code that the last step came from. */
import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, EditorView } from '@codemirror/view'
import type { DecorationSet } from '@codemirror/view'

const mark = StateEffect.define<number | undefined>()
const step = Decoration.line({ class: 'cm-step' })

export const markedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marked, { effects, changes, state }) {
    let now = marked.map(changes)
    for (const effect of effects) {
      if (!effect.is(mark)) continue
      const line = effect.value
      const isThere = line !== undefined && line >= 1 && line <= state.doc.lines
      now = isThere ? Decoration.set(step.range(state.doc.line(line).from)) : Decoration.none
    }
    return now
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** Marks a line, and scrolls the editor to it. The page itself stays where it is. */
export function markLine(view: EditorView, line: number | undefined): void {
  view.dispatch({ effects: mark.of(line) })
  if (line === undefined || line < 1 || line > view.state.doc.lines) return
  const { top, bottom } = view.lineBlockAt(view.state.doc.line(line).from)
  const { scrollDOM } = view
  const isSeen = top >= scrollDOM.scrollTop && bottom <= scrollDOM.scrollTop + scrollDOM.clientHeight
  if (!isSeen) scrollDOM.scrollTop = (top + bottom - scrollDOM.clientHeight) / 2
}
