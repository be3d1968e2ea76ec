/** The results of a run: the table as the command has it, and one failure as it happened. */
import type { Lesson } from '../../src/lab/lessons/lesson.ts'
import { figure } from '../../src/lab/lessons/metrics.ts'
import type { LessonResult, RecordedWitness, VariantResult } from '../../src/lab/run-thread-lesson.ts'
import { whole } from '../../src/terminal/figures.ts'
import { Lanes } from '../lanes/lanes.tsx'
import { Verdict } from './variant-plot.tsx'

export interface ResultsProps {
  readonly lesson: Lesson
  readonly result: LessonResult
}

export function Results({ lesson, result }: ResultsProps) {
  const { columns } = lesson
  return (
    <>
      <section aria-labelledby="results">
        <h2 id="results">Results</h2>
        <ResultsTable lesson={lesson} result={result} />
        {columns.note === undefined ? undefined : <p class="note">{columns.note(result.variants)}</p>}
      </section>
      <section aria-labelledby="witness">
        <h2 id="witness">One failure as it happened</h2>
        <Witness lesson={lesson} witness={result.witness} />
      </section>
    </>
  )
}

function ResultsTable({ lesson: { columns, title }, result }: ResultsProps) {
  const { total, more } = columns
  const heads = [...(total ? [...total, `${total[2]} %`] : []), ...more.map(({ name }) => name), 'ops/s', 'retries']
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={`Results of ${title}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">variant</th>
            {heads.map((head) => (
              <th scope="col" class="figure">
                {head}
              </th>
            ))}
            <th scope="col">verdict</th>
          </tr>
        </thead>
        <tbody>
          {result.variants.map((each) => (
            <tr>
              <th scope="row">{each.variant}</th>
              {[
                ...(total ? totalsOf(each) : []),
                ...more.map(({ show }) => show(each.metrics)),
                whole(each.opsPerSecond),
                whole(figure(each.metrics, 'retries')),
              ].map((cell) => (
                <td class="figure">{cell}</td>
              ))}
              <td>
                <Verdict verdict={each.verdict} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function totalsOf({ expected, actual }: VariantResult): string[] {
  if (expected === null || actual === null) return ['', '', '', '']
  const lost = expected - actual
  return [whole(expected), whole(actual), whole(lost), expected === 0 ? '' : ((100 * lost) / expected).toFixed(1)]
}

function Witness({ lesson, witness }: { readonly lesson: Lesson; readonly witness: RecordedWitness | null }) {
  if (witness === null)
    return <p>None was recorded: the variants that were run do not fail, or did not in a short run.</p>
  const lanes = Math.max(2, ...witness.steps.map(({ thread }) => thread))
  const agents = Array.from({ length: lanes }, (_, lane) => `${lesson.agent ?? 'Thread'} ${lane + 1}`)
  const rows = witness.steps.map(({ time, thread, action, detail, store }) => {
    const step = detail === '' ? action : `${action}: ${detail}`
    return { time: `t${time}`, steps: agents.map((_, lane) => (lane + 1 === thread ? step : '')), store }
  })
  return (
    <>
      <p>
        Recorded from the variant <strong>{witness.variant}</strong> on two threads. {witness.told}
      </p>
      <Lanes caption="The steps of one failure" agents={agents} rows={rows} />
    </>
  )
}
