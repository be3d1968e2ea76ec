import { expect, test } from 'vitest'
import { RacelabError } from '../../src/errors.ts'
import * as errors from '../../src/sync/errors.ts'

const all = {
  NotOwnerError: new errors.NotOwnerError('mutex', 1, 'agent 2 holds it'),
  RelockError: new errors.RelockError('mutex', 1),
  OverReleaseError: new errors.OverReleaseError(2, 1),
  SyncRangeError: new errors.SyncRangeError('The timeout', -1, '0 or more milliseconds'),
  TooManyArrivalsError: new errors.TooManyArrivalsError(2),
}

test('every error of sync is in this test', () => {
  expect(Object.keys(all).sort()).toEqual(Object.keys(errors).sort())
})

test('every error carries the name of its class, and a code of its own', () => {
  for (const [name, error] of Object.entries(all)) {
    expect(error).toBeInstanceOf(RacelabError)
    expect(error.name).toBe(name)
    expect(error.code).toMatch(/^ERR_RACELAB_[A-Z_]+$/)
  }
  expect(new Set(Object.values(all).map((error) => error.code)).size).toBe(Object.keys(all).length)
})

test('every message is sentences: what happened, then what to do', () => {
  for (const error of Object.values(all)) expect(error.message).toMatch(/^[A-Z].*\.$/)
})
