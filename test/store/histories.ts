/** From what threads did to a store to the histories of its sessions: each id has one of its own. */
import { textTable } from '../../src/terminal/text-table.ts'
import type { CleanupReport } from '../../src/store/operations/run-cleanup.ts'
import type { Event, History } from './linearizable.ts'
import type { Step } from './one-session.ts'
import { NOT_FOUND, TOO_LONG } from './stores.ts'
import type { Done } from './threads-model.jobs.ts'

/** What each thread did to an id, in its order. */
export function historyOf(id: string, threads: readonly (readonly Done[])[]): History<Step> {
  return threads.map((all) => all.flatMap((done) => stepsOn(id, done)))
}

/** How many sessions an operation has cleaned up. */
export function cleanedBy({ operation, result }: Done): number {
  return operation.do === 'clean up' ? (result as CleanupReport).cleaned : 0
}

/** The part that an operation has in the history of an id: no step, one, or several. */
function stepsOn(id: string, done: Done): Event<Step>[] {
  const { operation, result, called, returned } = done
  switch (operation.do) {
    case 'clean up':
      return cleaningsOf(id, done)
    case 'list':
      return [{ operation: { do: 'list' }, result: (result as string[]).includes(id), called, returned }]
    case 'count':
      return []
    case 'increment all': {
      const counts = (result as (number | undefined)[]).map((count) => count ?? NOT_FOUND)
      return eachOf(operation.ids, id, (at) => ({
        operation: { do: 'increment' },
        result: counts[at],
        called,
        returned,
      }))
    }
    case 'update all': {
      const { ids, key, values } = operation
      // When one of them was too long, that is all that is told.
      const kind = result === TOO_LONG ? 'update, unheard' : 'update'
      const found = Array.isArray(result) ? (result as boolean[]) : []
      const step = (at: number): Step => ({ do: kind, key, value: values[at]! })
      const told = (at: number) => (found[at] === false ? NOT_FOUND : undefined)
      return eachOf(ids, id, (at) => ({ operation: step(at), result: told(at), called, returned }))
    }
    case 'create': {
      if (operation.id !== id) return []
      const creation = { names: [id, operation.user, operation.user], metadata: operation.metadata }
      const stored = done.asked?.[0]
      if (stored === undefined) return [{ operation: { do: 'create', ...creation }, result, called, returned }]
      return [
        { operation: { do: 'reserve' }, result: undefined, called, returned: stored.at },
        { operation: { do: 'appear', ...creation }, result, called: stored.at, returned },
      ]
    }
    default:
      return operation.id === id ? [{ operation, result, called, returned }] : []
  }
}

/** The steps of a batch on an id; it may be there more than once. */
function eachOf(ids: readonly string[], id: string, step: (at: number) => Event<Step>): Event<Step>[] {
  return ids.flatMap((each, at) => (each === id ? [step(at)] : []))
}

function cleaningsOf(id: string, done: Done): Event<Step>[] {
  const { called, returned, asked } = done
  // Without a database it is only told how many were cleaned up, not which, nor when.
  if (asked === undefined)
    return Array.from({ length: cleanedBy(done) }, () => {
      return { operation: { do: 'clean, perhaps' }, result: undefined, called, returned }
    })
  // The database is asked for a row before its id is free, and for the next row after that.
  return asked.flatMap(({ id: dropped, at }, index) => {
    const free = asked[index + 1]?.at ?? returned
    return dropped === id ? [{ operation: { do: 'clean' }, result: undefined, called: at, returned: free }] : []
  })
}

/** A history as text: what happened among threads may not happen again, so that this is all there is to go by. */
export function tableOf(history: History<Step>): string {
  const events = history.flatMap((each, thread) => each.map((event) => ({ thread, ...event })))
  return textTable(
    [
      { name: 'called', right: true },
      { name: 'returned', right: true },
      { name: 'thread', right: true },
      { name: 'step' },
      { name: 'result' },
    ],
    events
      .sort((one, other) => one.called - other.called)
      .map(({ called, returned, thread, operation, result }) => [
        `${called}`,
        `${returned}`,
        `${thread}`,
        JSON.stringify(operation),
        result === undefined ? '' : JSON.stringify(result),
      ]),
  )
}
