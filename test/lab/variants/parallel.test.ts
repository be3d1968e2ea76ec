import { afterAll, describe, expect, test } from 'vitest'
import { memoryThreads, numbersTo } from '../../store/stores.ts'
import type { Jobs, Variant } from './parallel.jobs.ts'
import { freshLab } from './stores.ts'

const { run, end } = memoryThreads<Jobs>(new URL('parallel.jobs.ts', import.meta.url))
afterAll(end)

function counted() {
  const made = freshLab({ capacity: 1, metadataBytes: 20_000 })
  made.sessions.createSession('u', 'n', { id: 'a' })
  return made
}

describe.each([2, 4, 8])('%i threads', (count) => {
  test.each(['write-lock', 'mutex', 'atomic-add', 'cas'] as const)('lose no increment by %s', async (variant) => {
    const { sessions, memory } = counted()
    await run('increment', count, { memory, variant, rounds: 1000, sleeps: false })
    const { accessCount, version } = sessions.getSession('a')!
    expect(accessCount).toBe(count * 1000)
    if (variant !== 'atomic-add') expect(version).toBe(1 + count * 1000)
  })

  test('lose increments by the buggy variant, and never count too many', async () => {
    const { sessions, memory } = counted()
    await run('increment', count, { memory, variant: 'buggy', rounds: 50, sleeps: true })
    const { accessCount } = sessions.getSession('a')!
    // There is no lower bound above 0: the thread that read first may write last.
    expect(accessCount).toBeGreaterThan(0)
    expect(accessCount).toBeLessThan(count * 50)
  })

  test.each([
    ['write-lock', false],
    ['mutex', false],
    ['cas', false],
    ['cas', true],
  ] as [Variant, boolean][])('lose no key by %s (sleeping in between: %s)', async (variant, sleeps) => {
    const { sessions, memory } = counted()
    const rounds = (sleeps ? 24 : 240) / count
    await run('setKeys', count, { memory, variant, rounds, sleeps })
    const { metadata, accessCount, version } = sessions.getSession('a')!
    const keys = numbersTo(count).flatMap((thread) => numbersTo(rounds).map((n) => `${thread}.${n}`))
    expect([...metadata.keys()].sort()).toEqual(keys.sort())
    for (const [key, value] of metadata) expect(key.endsWith(`.${value}`)).toBe(true)
    expect([accessCount, version]).toEqual([keys.length, 1 + keys.length])
  })

  test.each(['buggy', 'atomic-add'] as const)('lose keys by %s', async (variant) => {
    const { sessions, memory } = counted()
    await run('setKeys', count, { memory, variant, rounds: 30, sleeps: true })
    const { metadata } = sessions.getSession('a')!
    expect(metadata.size).toBeGreaterThan(0)
    expect(metadata.size).toBeLessThan(count * 30)
  })
})
