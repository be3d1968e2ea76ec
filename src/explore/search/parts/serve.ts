/** The thread's side of a search in parts: searches the parts that it is given. */
import { hasOperations } from '../../../scenario.ts'
import type { OperationsScenario, Scenario } from '../../../scenario.ts'
import { clientFromText } from '../../clients/client.ts'
import { withGlobalsReplaced } from '../../globals/install.ts'
import { ControlledScenario } from '../../subject/controlled-scenario.ts'
import type { ControlOptions } from '../../subject/controlled-scenario.ts'
import { Pace } from '../pace.ts'
import { nothingEarlier } from '../search.ts'
import { dependsOnThread, reportOf, searchPart } from './search-part.ts'
import type { Reported } from './helpers.ts'
import type { PartBounds, PartTask } from './search-part.ts'

/** A part to search, for the search with this number. */
export interface Order {
  readonly search: number
  readonly task: PartTask
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

/** Searches parts until the thread is ended from outside. Throws Refusal for a scenario that cannot be explored. */
export function serve(scenario: Scenario | OperationsScenario, control: ControlOptions, channel: Channel): never {
  if (hasOperations(scenario)) return withGlobalsReplaced(() => serveClients(scenario, control, channel))
  return ControlledScenario.use(scenario, control, (controlled) => {
    for (;;) answer(controlled, channel.next(), channel)
  })
}

/** Searches parts of one client after the other. */
function serveClients(scenario: OperationsScenario, control: ControlOptions, channel: Channel): never {
  for (let order = channel.next(); ;) {
    const { client } = order.bounds
    order = ControlledScenario.use(clientFromText(scenario, client!)!, control, (controlled) => {
      for (;;) {
        answer(controlled, order, channel)
        const next = channel.next()
        if (next.bounds.client !== client) return next
        order = next
      }
    })
  }
}

function answer(controlled: ControlledScenario, order: Order, channel: Channel): void {
  const { search } = order
  const reported = channel.goesOn(search) ? reportOn(controlled, order, () => channel.goesOn(search)) : undefined
  channel.answer({ search, reported })
}

/** Searches the part that is ordered, as long as its search goes on, and returns the report on it. */
export function reportOn(controlled: ControlledScenario, { task, bounds }: Order, goesOn: () => boolean): Reported {
  const midway = {
    get isDue() {
      return !goesOn()
    },
    look: () => false,
  }
  // The first failure ends the part: the main thread will search it again.
  const earlier = { ...nothingEarlier(), extraSteps: 0 }
  const pace = new Pace(0, Infinity, undefined)
  try {
    controlled.engine.adopt(bounds.scope)
    const searched = searchPart(controlled, task, bounds, { pace, midway, earlier, isAlone: false })
    return [
      task.number,
      typeof searched === 'string' || dependsOnThread(controlled, bounds.bounds) ? 'again' : reportOf(searched),
    ]
  } catch {
    return [task.number, 'again']
  }
}
