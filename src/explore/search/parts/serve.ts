/** The thread's side of a search in parts: searches the parts that it is given. */
import { hasOperations } from '../../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../../scenario.ts'
import { clientFromText } from '../../clients/client.ts'
import { withGlobalsReplaced } from '../../globals/install.ts'
import { ControlledScenario } from '../../subject/controlled-scenario.ts'
import type { ControlOptions } from '../../subject/controlled-scenario.ts'
import { Pace } from '../pace.ts'
import { nothingEarlier } from '../search.ts'
import type { Midway } from '../search.ts'
import { searchInParts } from './search-in-parts.ts'
import { dependsOnThread, reportOf, searchPart } from './search-part.ts'
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
  if (hasOperations(scenario)) return withGlobalsReplaced(() => serveClients(scenario, control, channel))
  return ControlledScenario.use(scenario, control, (controlled) => {
    for (;;) answer(channel, ({ task, bounds }, goesOn) => reportOn(controlled, task as PartTask, bounds, goesOn))
  })
}

function serveClients(scenario: OperationsScenario, control: ControlOptions, channel: Channel): never {
  for (;;) {
    answer(channel, ({ task, bounds }, goesOn) => {
      const { number, client } = task as ClientTask
      return ControlledScenario.use(clientFromText(scenario, client)!, control, (controlled) => {
        return reportOnClient(controlled, number, bounds, goesOn)
      })
    })
  }
}

function answer(channel: Channel, report: (order: Order, goesOn: () => boolean) => Reported): void {
  const order = channel.next()
  const { search, task } = order
  const goesOn = (): boolean => channel.goesOn(search)
  let reported: Reported | undefined
  try {
    reported = goesOn() ? report(order, goesOn) : undefined
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
  const isOwn = typeof searched === 'string' || dependsOnThread(controlled, bounds.bounds)
  return [task.number, isOwn ? 'again' : reportOf(searched)]
}

/** Searches a whole client, which is as it is at first, and returns the report on it. */
function reportOnClient(
  controlled: ControlledScenario,
  number: number,
  { bounds, allFailures }: PartBounds,
  goesOn: () => boolean,
): Reported {
  const tally = searchInParts(controlled, bounds, allFailures, untimed(), { midway: until(goesOn) })
  if (tally.found.size > 0 || !goesOn()) return [number, 'again']
  const { note, engine } = controlled
  return [number, { whole: { tally, note, covered: [...engine.coverage.used], inside: [...engine.coverage.excluded] } }]
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
