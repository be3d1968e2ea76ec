/** The text on the checks of histories: a table, and what cannot be placed. */
import type { CheckedDocument } from '../checking/checked-document.ts'
import type { Colours } from '../../terminal/colours.ts'
import { textTable } from '../../terminal/text-table.ts'
import { wrapped } from '../../terminal/wrapped.ts'

/** What the reader of a verdict should know. */
const WORDS = {
  linearizable: 'linearizable',
  'not-linearizable': 'not linearizable',
  unknown: 'unknown',
  error: 'cannot be checked',
} as const

/** Returns a row for each file, and below them why a file is not linearizable, or not known to be. */
export function checkedReport(
  documents: readonly CheckedDocument[],
  { green, red, yellow }: Colours,
  width: number,
): string {
  const paint = { linearizable: green, 'not-linearizable': red, unknown: yellow, error: yellow } as const
  const rows = documents.map(({ file, model, verdict, operations, partitions, elapsedMs }) => [
    file,
    model,
    operations.toLocaleString('en'),
    partitions.toLocaleString('en'),
    elapsedMs.toFixed(1),
    paint[verdict](WORDS[verdict]),
  ])
  const columns = [
    { name: 'file', text: true },
    { name: 'model', text: true },
    { name: 'operations', right: true },
    { name: 'parts', right: true },
    { name: 'ms', right: true },
    { name: 'verdict' },
  ]
  const notes = documents.flatMap((document) => {
    const note = noteOn(document)
    return note === undefined ? [] : [wrapped(`${document.file}: ${note}`, width)]
  })
  return [textTable(columns, rows, width), ...notes].join('\n\n')
}

function noteOn({ failure, stopped, error }: CheckedDocument): string | undefined {
  if (failure?.operation === undefined) return failure?.message ?? stopped ?? error?.message
  // The times of an operation are line numbers.
  const { called, returned } = failure.operation
  return `${failure.message} It was called in line ${called}, and returned in line ${returned}.`
}
