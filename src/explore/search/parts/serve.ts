/** The thread's side of a search in parts: searches the parts that it is given. */
import { hasOperations } from '../../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../../scenario.ts'
import { subjectOf } from '../../clients/subject-of.ts'
import { withGlobalsReplaced } from '../../globals/install.ts'
import { ControlledScenario } from '../../subject/controlled-scenario.ts'
import { hasCrashes } from '../../subject/crashing.ts'
import type { ControlOptions } from '../../subject/controlled-scenario.ts'
import { Pace } from '../pace.ts'
import { nothingEarlier } from '../search.ts'
import type { Midway } from '../search.ts'
import { searchInParts } from './search-in-parts.ts'
import { dependsOnThread, failingIn, reportOf, searchPart, withoutFound } from './search-part.ts'
import type { ClientTask, Reported } from './helpers.ts'
import type { PartBounds, PartTask } from './search-part.ts'

/** A part or a client to search, for the search with this number. */
export interface Order {
  readonly search: number
  readonly task: PartTask | ClientTask
  readonly bounds: PartBounds
}

/** What a thread has done with an order: its report, or nothing if the search was over before. */
export interface Answer {
  readonly search: number
  readonly reported: Reported | undefined
}

/** How the thread talks with the main thread. */
export interface Channel {
  /** Waits for the next order. */
  next(): Order
  /** Whether the search with this number still goes on. */
  goesOn(search: number): boolean
  answer(answer: Answer): void
}

/** Does what is ordered until the thread is ended from outside. Throws Refusal for a scenario that cannot be explored. */
export function serve(scenario: Scenario | OperationsScenario, control: ControlOptions, channel: Channel): never {
  if (hasOperations(scenario) || hasCrashes(scenario))
    return withGlobalsReplaced(() => serveSeveral(scenario, control, channel))
  return ControlledScenario.use(scenario, control, (controlled) => {
    for (let order = channel.next(); ;) order = serveParts(controlled, order, channel)
  })
}

/** Serves the searches of a scenario's clients, or of a scenario whose actors crash at one point or another. */
function serveSeveral(scenario: Scenario | OperationsScenario, control: ControlOptions, channel: Channel): never {
  const use = <Result>(text: string | undefined, work: (controlled: ControlledScenario) => Result): Result =>
    ControlledScenario.use(subjectOf(scenario, text)!, control, work)
  for (let order = channel.next(); ;) {
    const { task, bounds } = order
    if ('client' in task) {
      answer(channel, order, (goesOn) =>
        use(task.client, (controlled) => reportOnClient(controlled, task.number, bounds, goesOn)),
      )
      order = channel.next()
    } else order = use(bounds.client, (controlled) => serveParts(controlled, order, channel))
  }
}

/** Searches parts of one search, and returns the first order of another one. */
function serveParts(controlled: ControlledScenario, first: Order, channel: Channel): Order {
  let order = first
  for (; order.search === first.search; order = channel.next()) {
    const { task, bounds } = order
    answer(channel, order, (goesOn) => reportOn(controlled, task as PartTask, bounds, goesOn))
  }
  return order
}

function answer(channel: Channel, { search, task }: Order, report: (goesOn: () => boolean) => Reported): void {
  const goesOn = (): boolean => channel.goesOn(search)
  let reported: Reported | undefined
  try {
    reported = goesOn() ? report(goesOn) : undefined
  } catch {
    reported = [task.number, 'again']
  }
  channel.answer({ search, reported })
}

/** Searches a part, as long as its search goes on, and returns the report on it. */
export function reportOn(
  controlled: ControlledScenario,
  task: PartTask,
  bounds: PartBounds,
  goesOn: () => boolean,
): Reported {
  // The first failure ends the part: the main thread will search it again.
  const earlier = { ...nothingEarlier(), extraSteps: 0 }
  controlled.engine.adopt(bounds.scope)
  const how = { pace: untimed(), midway: until(goesOn), earlier, isAlone: false }
  const searched = searchPart(controlled, task, bounds, how)
  const isOwn = typeof searched === 'string' || dependsOnThread(controlled)
  return [task.number, isOwn ? 'again' : reportOf(searched)]
}

/** Searches a client as long as its search goes on, and returns the report on it. */
function reportOnClient(
  controlled: ControlledScenario,
  number: number,
  { bounds, allFailures }: PartBounds,
  goesOn: () => boolean,
): Reported {
  const tally = searchInParts(controlled, bounds, allFailures, untimed(), { midway: until(goesOn) })
  const { note, engine } = controlled
  const covered = [...engine.coverage.used]
  const inside = [...engine.coverage.excluded]
  return [number, { whole: { tally: withoutFound(tally), note, covered, inside }, failing: failingIn(tally)[0] }]
}

function untimed(): Pace {
  return new Pace(0, Infinity, undefined)
}

/** Ends a search that does not go on. */
function until(goesOn: () => boolean): Midway {
  return {
    get isDue() {
      return !goesOn()
    },
    look: () => false,
  }
}
