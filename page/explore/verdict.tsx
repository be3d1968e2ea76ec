/** What an exploration has found: the verdict, what it covers, the outcomes and the failures. */
import { adviceFor, cutSpinTexts } from '../../src/explore/report/advice.ts'
import type { WriteOption } from '../../src/explore/report/advice.ts'
import { standingLine } from '../../src/explore/report/standing.ts'
import type { Exploration, Failure } from '../../src/explore/search/result.ts'
import { count } from './count.ts'

interface VerdictProps {
  readonly result: Exploration
  /** The failure whose schedule is shown. */
  readonly chosen: Failure | undefined
  readonly onChoose: (failure: Failure) => void
}

export function Verdict({ result, chosen, onChoose }: VerdictProps) {
  return (
    <section class="verdict" aria-label="What was found">
      <p class={`found ${COLOUR[result.verdict]}`} role="status">
        {sentenceOf(result)}
      </p>
      {remarksOn(result).map((remark) => (
        <p key={remark} class="faint remark">
          {remark}
        </p>
      ))}
      <Client result={result} />
      <Outcomes result={result} />
      <Failures failures={result.failures} chosen={chosen} onChoose={onChoose} />
    </section>
  )
}

const COLOUR = { pass: 'good', fail: 'bad', inconclusive: 'odd', error: 'bad' } as const

function sentenceOf({ verdict, schedules, failures, stopped, error, crashes }: Exploration): string {
  if (verdict === 'error') return `It cannot be explored. ${error?.message ?? ''}`
  if (verdict === 'fail') return failures.length === 1 ? 'It fails.' : `It fails in ${failures.length} ways.`
  if (verdict === 'inconclusive')
    return `Nothing has failed, but not every schedule was run: ${stopped ?? 'it was cut short'}.`
  const points = crashes === undefined ? '' : `, with a crash at each of ${count(crashes, 'point')}`
  return `No schedule fails: ${count(schedules, 'schedule')} stand for all that there are${points}.`
}

/** What the verdict covers, and what would cover more. */
function remarksOn(result: Exploration): string[] {
  const { verdict, schedules, complete, stopped, spins = [], note } = result
  return [
    verdict === 'fail' && complete
      ? `All schedules were run: ${count(schedules, 'schedule')} stand for them.`
      : undefined,
    verdict === 'fail' && !complete
      ? `It stopped after ${count(schedules, 'schedule')}${stopped === undefined ? '' : `: ${stopped}`}.`
      : undefined,
    ...cutSpinTexts(result, write),
    spins.length === 0
      ? undefined
      : 'A browser has no inspector that reads the variables of a loop, so a loop that waits is followed for a few rounds, and the result is not complete. In a terminal, npx racelab explore follows it to the end.',
    standingLine(result),
    adviceFor(result, write),
    note,
  ].filter((remark) => remark !== undefined)
}

/** The names of the options on the page. */
const OPTIONS: Readonly<Record<string, string>> = {
  timeout: 'the time limit',
  preemptions: 'the preemptions',
  strategy: 'the strategy',
  spinRounds: '--spin-rounds in a terminal',
}

const write: WriteOption = (name, value) =>
  `${OPTIONS[name] ?? name}${value === undefined || value === '<n>' ? '' : ` ${value}`}`

function Client({ result: { client, crash } }: { readonly result: Exploration }) {
  if (client !== undefined) {
    const calls = Object.entries(client).map(([thread, made]) => `${thread} calls ${made.join(', ')}`)
    return <p>The smallest client that fails: {calls.join('; ')}.</p>
  }
  if (crash === undefined) return null
  return (
    <p>
      {crash.actor} crashes after {count(crash.after, 'access', 'accesses')}.
    </p>
  )
}

function Outcomes({ result: { outcomes } }: { readonly result: Exploration }) {
  const all = Object.entries(outcomes)
  if (all.length === 0) return null
  return (
    <div class="wide">
      <table class="outcomes">
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            <th scope="col" class="figure">
              Schedules
            </th>
            <th scope="col">Grade</th>
          </tr>
        </thead>
        <tbody>
          {all.map(([key, { count, grade, description, broken = 0 }]) => (
            <tr key={key}>
              <th scope="row">
                <code>{key}</code>
              </th>
              <td class="figure">{count.toLocaleString('en-US')}</td>
              <td>
                <span class={GRADE[grade]}>{grade}</span>
                {description === undefined ? '' : `: ${description}`}
                {broken === 0 ? '' : `; ${broken.toLocaleString('en-US')} of them fail`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const GRADE = { acceptable: 'good', interesting: 'odd', forbidden: 'bad' } as const

function Failures({
  failures,
  chosen,
  onChoose,
}: { readonly failures: readonly Failure[] } & Pick<VerdictProps, 'chosen' | 'onChoose'>) {
  if (failures.length === 0) return null
  return (
    <ul class="failures" aria-label="Failures">
      {failures.map((failure) => (
        <li key={failure.token}>
          <button type="button" aria-pressed={failure.token === chosen?.token} onClick={() => onChoose(failure)}>
            <span>
              <strong class="bad">{failure.kind}</strong>: {failure.message}.
            </span>
            {failure.otherRaces?.map((race) => (
              <small key={race}>Also: {race}.</small>
            ))}
            <small class="faint">
              {count(failure.preemptions, 'preemption')}, {count(failure.steps, 'step')}
              {failure.minimal ? '; no smaller one exists' : ''}
            </small>
          </button>
        </li>
      ))}
    </ul>
  )
}
