/** The editor. Escape, then Tab, leaves it. */
import { javascript } from '@codemirror/lang-javascript'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { minimalSetup } from 'codemirror'
import { useEffect, useRef } from 'preact/hooks'
import type { Trouble } from '../engine/messages.ts'
import { colours } from './colours.ts'
import { markedLine, markLine } from './marked-line.ts'

interface EditorProps {
  readonly code: string
  /** What is wrong, shown at its line. */
  readonly trouble: Trouble | undefined
  /** The line of the step that was taken last. */
  readonly line: number | undefined
  readonly onChange: (code: string) => void
  readonly onExplore: () => void
}

export function Editor(props: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | undefined>(undefined)
  const latest = useRef(props)
  latest.current = props
  useEffect(() => {
    const made = new EditorView({ parent: host.current!, doc: latest.current.code, extensions: extensionsFor(latest) })
    view.current = made
    return () => made.destroy()
  }, [])
  const { code, trouble, line } = props
  useEffect(() => replaceText(view.current!, code), [code])
  useEffect(() => markLine(view.current!, line), [line])
  useEffect(() => showTrouble(view.current!, trouble), [trouble])
  return <div class="editor" ref={host} />
}

function extensionsFor(latest: { readonly current: EditorProps }) {
  const run = (): boolean => {
    latest.current.onExplore()
    return true
  }
  return [
    // In front of the usual keys, where Enter would otherwise begin a line.
    keymap.of([
      { key: 'Ctrl-Enter', mac: 'Cmd-Enter', run },
      { key: 'Tab', run: indent },
    ]),
    minimalSetup,
    lineNumbers(),
    EditorView.lineWrapping,
    indentUnit.of('  '),
    indentOnInput(),
    bracketMatching(),
    javascript({ typescript: true }),
    lintGutter(),
    colours,
    markedLine,
    EditorView.contentAttributes.of({
      'aria-label': 'The code of the scenario',
      tabindex: '0',
      'aria-describedby': 'editor-keys',
    }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged && state.doc.toString() !== latest.current.code) latest.current.onChange(state.doc.toString())
    }),
  ]
}

function indent(view: EditorView): boolean {
  view.dispatch(view.state.replaceSelection('  '))
  return true
}

/** What comes from elsewhere than the keyboard, such as another example, replaces all of the text. */
function replaceText(view: EditorView, code: string): void {
  if (view.state.doc.toString() === code) return
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: code } })
  view.scrollDOM.scrollTop = 0
}

function showTrouble(view: EditorView, trouble: Trouble | undefined): void {
  view.dispatch(setDiagnostics(view.state, trouble === undefined ? [] : diagnosticsOf(view.state, trouble)))
}

function diagnosticsOf({ doc }: EditorState, { message, line }: Trouble) {
  if (line === undefined || line < 1 || line > doc.lines) return []
  const { from, to } = doc.line(line)
  return [{ from, to, severity: 'error' as const, message }]
}
