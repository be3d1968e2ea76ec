/** The lesson express-session: an event makes every pair of requests overlap, so the number of lost updates is certain. */
import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { expressSession } from '../../../src/lab/lessons/express-session.ts'
import { runRequests } from '../../../src/lab/requests/run-requests.ts'

const running = () => new AbortController().signal

describe('100 pairs of requests of one user each', () => {
  const result = runRequests(expressSession, { workers: 8, signal: running() })
  // Where whole sessions are written, each pair loses one visit and one key. A reader that writes erases the third
  // request's change.
  test.each([
    ['memory-store', 'broke', { actual: 100, violations: 200 }, { keysArrived: 100, erasedByReaders: 0 }],
    ['memory-store-resave', 'broke', { actual: 100, violations: 300 }, { keysArrived: 100, erasedByReaders: 100 }],
    [
      'last-write-wins',
      'broke',
      { actual: 100, violations: 100 },
      { keysArrived: 200, erasedByReaders: 0, accessesArrived: 300 },
    ],
    ['racelab', 'held', { actual: 200, violations: 0 }, { keysArrived: 200, erasedByReaders: 0, accessesArrived: 300 }],
  ])('%s %s', async (name, verdict, total, metrics) => {
    const found = (await result).variants.find(({ variant }) => variant === name)
    expect(found).toMatchObject({ verdict, expected: 200, ...total, metrics: { keysExpected: 200, ...metrics } })
  })

  test('are served by one thread, and the result says so', async () => {
    expect(await result).toMatchObject({ bug: 'express-session', workers: 8, threads: 1 })
  })

  test('leave a witness: both requests read, and then each writes a session computed from what it read', async () => {
    const { witness } = await result
    expect(witness!.variant).toBe('memory-store')
    expect(witness!.steps.map(({ time, action, detail }) => [time, action, detail])).toEqual([
      [0, 'read', 'visits=0'],
      [1, 'read', 'visits=0'],
      [2, 'write', expect.stringMatching(/^visits=1 (book|lamp)=bought$/)],
      [3, 'write', expect.stringMatching(/^visits=1 (book|lamp)=bought$/)],
    ])
    // The network decides which request comes first. In any order the second write erases the first.
    expect(witness!.steps[3]!.store).not.toBe(witness!.steps[2]!.store)
    expect(new Set(witness!.steps.map(({ thread }) => thread))).toEqual(new Set([1, 2]))
    expect(witness!.told).toMatch(/^Two visits, one counted\./)
  })
})

test('a run of the sound variant alone has no witness', async () => {
  const variants = expressSession.variants.filter(({ sound }) => sound)
  const { witness } = await runRequests(expressSession, { variants, workers: 1, iterations: 2, signal: running() })
  expect(witness).toBe(null)
})

test('a run that is over leaves no listener on its signal', async () => {
  const signal = running()
  await runRequests(expressSession, { workers: 1, iterations: 1, signal })
  await vi.waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]))
})

/** A server that is closed is gone a turn or two later. */
async function noServerIsLeft(): Promise<void> {
  await vi.waitFor(() => expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap'))
}

test('a run that is stopped fails at once, and leaves no server behind', async () => {
  const stop = new AbortController()
  const run = runRequests(expressSession, {
    workers: 2,
    iterations: 1_000_000,
    signal: stop.signal,
    onProgress: () => void setImmediate(() => stop.abort()),
  })
  await expect(run).rejects.toThrow()
  await noServerIsLeft()
})

test('a run that was stopped before it began fails with the reason, and leaves no server behind', async () => {
  const reason = new Error('stopped before')
  const run = runRequests(expressSession, { workers: 2, iterations: 1_000_000, signal: AbortSignal.abort(reason) })
  await expect(run).rejects.toBe(reason)
  await noServerIsLeft()
})
