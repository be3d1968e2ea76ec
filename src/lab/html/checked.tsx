/** The report on checked histories: each operation as an interval, and the one that cannot be placed. */
import type { History, Operation } from '../../check/index.ts'
import { textOf } from '../../check/history.ts'
import type { CheckedDocument } from '../checking/checked-document.ts'
import { counted } from '../../terminal/wrapped.ts'
import { HistoryPlot } from '../../html/plots/history.tsx'

/** A check, and the history that was checked; undefined if it could not be read. */
export interface ShownCheck {
  readonly document: CheckedDocument
  readonly history: History | undefined
}

const WORDS = {
  linearizable: ['good', '✓ linearizable'],
  'not-linearizable': ['bad', '✗ not linearizable'],
  unknown: ['odd', '? unknown'],
  error: ['bad', 'cannot be checked'],
} as const

/** Of longer histories, those around the operation that cannot be placed are shown, or the first ones. */
const MOST_OPERATIONS = 120

export function Checked({ document, history = [] }: ShownCheck) {
  const { file, model, verdict, operations, partitions, failure, stopped, error } = document
  const culprit = failure?.operation
  const shown = around(history, culprit)
  const [className, words] = WORDS[verdict]
  return (
    <section>
      <h2>{file}</h2>
      <p>
        <strong class={className}>{words}</strong> as a {model}: {counted(operations, 'operation')} in{' '}
        {counted(partitions, 'part')}.
      </p>
      {[failure?.message, stopped, error?.message].map((text) =>
        text === undefined ? undefined : (
          <p key={text} class="prose">
            {text}
          </p>
        ),
      )}
      {shown.length === 0 ? undefined : <HistoryPlot operations={shown} culprit={culprit} />}
      {shown.length < history.length ? (
        <p class="faint">
          Shown: {shown.length} of {counted(history.length, 'operation')}.
        </p>
      ) : undefined}
      {failure?.prefix === undefined ? undefined : <Prefix prefix={failure.prefix} />}
    </section>
  )
}

function around(history: History, culprit: Operation | undefined): History {
  const sorted = history.toSorted((one, other) => one.called - other.called)
  const at = culprit === undefined ? 0 : sorted.findIndex(({ called }) => called === culprit.called)
  const from = Math.max(0, at - MOST_OPERATIONS + 10)
  return sorted.slice(from, from + MOST_OPERATIONS)
}

function Prefix({ prefix }: { readonly prefix: readonly Operation[] }) {
  return (
    <details>
      <summary>An order of what was called before ({counted(prefix.length, 'operation')})</summary>
      <ol>
        {prefix.slice(-MOST_OPERATIONS).map((operation) => (
          <li key={`${operation.process} ${operation.called}`}>
            {operation.process}: <code>{textOf(operation)}</code>
          </li>
        ))}
      </ol>
    </details>
  )
}
