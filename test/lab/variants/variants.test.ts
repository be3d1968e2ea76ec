/** What each variant does on one thread; and that the lab's sound variants are the product's own functions. */
import { describe, expect, test } from 'vitest'
import { QueueFullError } from '../../../src/lab/variants/cleanup-queue.ts'
import { deleteSession } from '../../../src/lab/variants/delete-session.ts'
import { incrementAccess } from '../../../src/lab/variants/increment-access.ts'
import { extrasLayout } from '../../../src/lab/variants/lab-memory.ts'
import type { LabMemory } from '../../../src/lab/variants/lab-memory.ts'
import { LabStore } from '../../../src/lab/variants/lab-store.ts'
import { refreshFromDatabase } from '../../../src/lab/variants/refresh-from-database.ts'
import { revokeAuthentication } from '../../../src/lab/variants/revoke-authentication.ts'
import { runCleanup } from '../../../src/lab/variants/run-cleanup.ts'
import { updateSession } from '../../../src/lab/variants/update-session.ts'
import { SessionNotFoundError, TextTooLongError } from '../../../src/store/errors.ts'
import * as deleting from '../../../src/store/operations/delete-session.ts'
import * as incrementing from '../../../src/store/operations/increment-access.ts'
import * as refreshing from '../../../src/store/operations/refresh-from-database.ts'
import * as revoking from '../../../src/store/operations/revoke-authentication.ts'
import * as cleaning from '../../../src/store/operations/run-cleanup.ts'
import * as updating from '../../../src/store/operations/update-session.ts'
import { atEveryAccess, preempt } from '../../store/preempt.ts'
import { bytesIn } from '../../store/stores.ts'
import { freshLab } from './stores.ts'

function bytesOf({ sessions, extras }: LabMemory): Buffer {
  return Buffer.concat([bytesIn(sessions), bytesIn(extras)])
}

test('the sound variants are the functions that the product uses', () => {
  expect(incrementAccess.cas).toBe(incrementing.incrementAccess)
  expect(updateSession.cas).toBe(updating.updateSession)
  expect(deleteSession['state-machine']).toBe(deleting.deleteSession)
  expect(refreshFromDatabase['newer-only']).toBe(refreshing.refreshFromDatabase)
  expect(revokeAuthentication.cas).toBe(revoking.revokeAuthentication)
  expect(runCleanup['dead-letter']).toBe(cleaning.runCleanup)
})

describe.each(['buggy', 'write-lock', 'mutex', 'atomic-add', 'cas'] as const)('the variant %s', (variant) => {
  test('refuses a session that is not there, and leaves no lock behind', () => {
    const { store, memory } = freshLab()
    const before = bytesOf(memory)
    expect(() => incrementAccess[variant](store, 'a')).toThrow(SessionNotFoundError)
    expect(() => updateSession[variant](store, 'a', 'k', 'v')).toThrow(SessionNotFoundError)
    expect(bytesOf(memory).equals(before)).toBe(true)
  })

  test('refuses metadata that does not fit, and leaves session and locks as they were', () => {
    const { store, sessions, memory } = freshLab({ metadataBytes: 16 })
    const id = sessions.createSession('u', 'n')
    const before = bytesOf(memory)
    expect(() => updateSession[variant](store, id, 'k', 'four and more')).toThrow(TextTooLongError)
    expect(bytesOf(memory).equals(before)).toBe(true)
  })

  test('counts and sets keys on one thread', () => {
    const { store, sessions } = freshLab()
    const id = sessions.createSession('u', 'n')
    expect([1, 2].map(() => incrementAccess[variant](store, id))).toEqual([1, 2])
    updateSession[variant](store, id, 'k', 'v')
    expect(sessions.getSession(id)).toMatchObject({ accessCount: 3, metadata: new Map([['k', 'v']]) })
  })
})

test('an update by atomic-add keeps the counts that another thread adds while it writes', () => {
  atEveryAccess((at) => {
    const { store, memory, sessions } = freshLab()
    sessions.createSession('u', 'n', { id: 'a' })
    const second = new LabStore(memory)
    // The addition first finds the session. It has done so before the update began, so one atomic addition is left of it.
    const stamp = second.find('a')!
    second.find = () => stamp
    const { reached } = preempt(
      at,
      () => updateSession['atomic-add'](store, 'a', 'k', 'v'),
      () => incrementAccess['atomic-add'](second, 'a'),
    )
    if (reached) expect(store.read('a').accessCount).toBe(2)
    return { reached }
  })
})

test('a queue that is full refuses one more id, and keeps those that it has', () => {
  const { store } = freshLab({ queueCapacity: 2 })
  for (const id of ['a', 'b']) store.queue.push(id)
  expect(() => store.queue.push('c')).toThrow(QueueFullError)
  expect(store.queue.ids()).toEqual(['a', 'b'])
})

test('every word of the extras has a name, and the locks begin at cache lines', () => {
  const layout = extrasLayout(3)
  const names = Array.from({ length: layout.words }, (_, word) => layout.nameOf(word))
  expect(names.filter((name) => name === '')).toEqual([])
  const { storeLock, statsLock, queueLock, mutex, activeSessions } = layout.at
  for (const start of [storeLock, statsLock, queueLock, mutex, activeSessions]) expect(start % 16).toBe(0)
})
