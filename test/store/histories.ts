/** Turns what threads did to a store into the histories of its sessions, one for each id. */
import { textTable } from '../../src/terminal/text-table.ts'
import type { CleanupReport } from '../../src/store/operations/run-cleanup.ts'
import type { Event, History } from './linearizable.ts'
import type { Step } from './one-session.ts'
import { NOT_FOUND, TOO_LONG } from './stores.ts'
import type { Done } from './threads-model.jobs.ts'

/** Returns what each thread did to an id, in the order of the thread. */
export function historyOf(id: string, threads: readonly (readonly Done[])[]): History<Step> {
  return threads.map((all) => all.flatMap((done) => stepsOn(id, done)))
}

/** Returns how many sessions an operation has cleaned up. */
export function cleanedBy({ operation, result }: Done): number {
  return operation.do === 'clean up' ? (result as CleanupReport).cleaned : 0
}

/** Returns the steps of an operation in the history of an id: none, one or several. */
function stepsOn(id: string, done: Done): Event<Step>[] {
  const { operation, result, called, returned } = done
  switch (operation.do) {
    case 'clean up':
      return cleaningsOf(id, done)
    case 'list':
      return [{ operation: { do: 'list' }, result: (result as string[]).includes(id), called, returned }]
    case 'count':
      return []
    case 'get all':
      return eachOf(operation.ids, id, (at) => ({
        operation: { do: 'get' },
        result: (result as unknown[])[at],
        called,
        returned,
      }))
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
      // If a value was too long, the batch throws and tells nothing of the others.
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

/** Returns the steps of a batch on an id, which may be in the batch more than once. */
function eachOf(ids: readonly string[], id: string, step: (at: number) => Event<Step>): Event<Step>[] {
  return ids.flatMap((each, at) => (each === id ? [step(at)] : []))
}

function cleaningsOf(id: string, done: Done): Event<Step>[] {
  const { called, returned, asked } = done
  // Without a database the test knows how many sessions were cleaned up, but not which or when.
  if (asked === undefined)
    return Array.from({ length: cleanedBy(done) }, () => {
      return { operation: { do: 'clean, perhaps' }, result: undefined, called, returned }
    })
  // The clean-up deletes a row before it frees the id, and frees the id before it deletes the next row.
  return asked.flatMap(({ id: dropped, at }, index) => {
    const free = asked[index + 1]?.at ?? returned
    return dropped === id ? [{ operation: { do: 'clean' }, result: undefined, called: at, returned: free }] : []
  })
}

/** Returns a history as a table. A failure among threads may not happen again, so the table is the only evidence of it. */
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
