/** The report on checked histories: each operation as an interval, and the one that cannot be placed. */
import type { History, LinearizabilityFailure, Operation } from '../../check/index.ts'
import { textOf } from '../../check/history.ts'
import type { CheckedDocument } from '../checking/checked-document.ts'
import { counted, shortened } from '../../terminal/wrapped.ts'
import { HistoryPlot, keyOf } from '../../html/plots/history.tsx'

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
/** How many operations before the one that cannot be placed are shown beside it. */
const FEW_OPERATIONS = 8
const MOST_CHARACTERS = 400

export function Checked({ document, history = [] }: ShownCheck) {
  const { file, model, verdict, operations, partitions, failure, stopped, error } = document
  const [className, words] = WORDS[verdict]
  return (
    <section>
      <h2>{file}</h2>
      <p>
        <strong class={className}>{words}</strong>
        {verdict === 'error'
          ? ''
          : ` as a ${model}: ${counted(operations, 'operation')} in ${counted(partitions, 'part')}`}
        .
      </p>
      {[failure?.message, stopped, error?.message].map((text) =>
        text === undefined ? undefined : (
          <p key={text} class="prose">
            {text}
          </p>
        ),
      )}
      {failure?.operation === undefined ? undefined : (
        <Failure operation={failure.operation} prefix={failure.prefix} history={history} />
      )}
      {history.length === 0 ? undefined : <Whole history={history} failure={failure} />}
    </section>
  )
}

interface FailureProps {
  readonly operation: Operation
  /** An order of the operations before it; undefined if none was found in time. */
  readonly prefix: readonly Operation[] | undefined
  readonly history: History
}

/** The operation that cannot be placed, beside those with which it does not fit. */
function Failure({ operation, prefix, history }: FailureProps) {
  // An operation of the prefix may have returned only later: the history knows when.
  const whole = new Map(history.map((each) => [keyOf(each), each]))
  const before =
    prefix?.map((each) => whole.get(keyOf(each)) ?? each) ??
    history.filter(({ called }) => called < operation.returned && called !== operation.called)
  const last = before.toSorted(byCall).slice(-FEW_OPERATIONS)
  return (
    <>
      <HistoryPlot
        label="Where it fails"
        operations={[...last, operation].toSorted(byCall)}
        culprit={operation}
        order={prefix ?? []}
      />
      <p class="faint">
        {prefix === undefined
          ? '✗ cannot be placed.'
          : 'The numbers are an order that explains the other operations. ✗ fits nowhere in it.'}
        {last.length < before.length
          ? ` Shown: the last ${last.length} of ${counted(before.length, 'operation')} before it.`
          : ''}
      </p>
      {prefix === undefined ? undefined : <Prefix prefix={prefix} />}
    </>
  )
}

function Prefix({ prefix }: { readonly prefix: readonly Operation[] }) {
  const left = Math.max(0, prefix.length - MOST_OPERATIONS)
  return (
    <details>
      <summary>An order of what was called before ({counted(prefix.length, 'operation')})</summary>
      <ol start={left + 1}>
        {prefix.slice(left).map((operation) => (
          <li key={keyOf(operation)}>
            {operation.process}: <code>{shortened(textOf(operation), MOST_CHARACTERS)}</code>
          </li>
        ))}
      </ol>
    </details>
  )
}

function Whole({
  history,
  failure,
}: {
  readonly history: History
  readonly failure: LinearizabilityFailure | undefined
}) {
  const shown = around(history, failure?.operation)
  const title =
    shown.length === history.length ? 'The whole history' : `${shown.length} of ${counted(history.length, 'operation')}`
  return (
    <details open={failure === undefined && history.length <= FEW_OPERATIONS}>
      <summary>{title}</summary>
      <HistoryPlot label={title} operations={shown} culprit={failure?.operation} order={failure?.prefix ?? []} />
    </details>
  )
}

function around(history: History, culprit: Operation | undefined): History {
  const sorted = history.toSorted(byCall)
  const at = culprit === undefined ? 0 : sorted.findIndex((each) => keyOf(each) === keyOf(culprit))
  const from = Math.max(0, at - MOST_OPERATIONS + 10)
  return sorted.slice(from, from + MOST_OPERATIONS)
}

function byCall(one: Operation, other: Operation): number {
  return one.called - other.called
}
