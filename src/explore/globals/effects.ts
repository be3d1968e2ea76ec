/**
 * Effects outside the shared memory. The explorer runs an actor many times and undoes its steps, so an actor may have
 * effects only on the shared memory, and only before it ends. Any other effect is refused by name.
 *
 * There are two nets. Replaced functions refuse when they are called, before anything happens. Node's async hooks
 * notice what was started by a function that was kept from before the exploration, and what has no function to replace:
 * `await`.
 */
import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import fs from 'node:fs'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import threads from 'node:worker_threads'
import { noticeLateWork } from './late-work.ts'
import { LISTENERS, replaceMessages } from './messages.ts'
import type { Patches } from './patch.ts'
import { answerPrints } from './prints.ts'
import { LATE, refuseCalls, refuseConstructor, refuseIf, UNDONE } from './refused.ts'

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate']
const PROCESSES = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']
const FILE_WRITES = [
  'appendFileSync',
  'copyFileSync',
  'cpSync',
  'ftruncateSync',
  'linkSync',
  'mkdirSync',
  'mkdtempSync',
  'renameSync',
  'rmSync',
  'rmdirSync',
  'symlinkSync',
  'truncateSync',
  'unlinkSync',
  'writeFileSync',
  'writevSync',
]
/** With a callback, these functions do their work on another thread. */
const CRYPTO = ['checkPrime', 'generateKey', 'generateKeyPair', 'generatePrime', 'hkdf', 'pbkdf2', 'randomBytes']
const CRYPTO_MORE = ['randomFill', 'randomInt', 'scrypt', 'sign', 'verify']

export function replaceEffects(patches: Patches): void {
  refuseCalls(patches, globalThis, [...TIMERS, 'queueMicrotask', 'fetch'], LATE)
  refuseCalls(patches, timers, TIMERS, LATE)
  const { scheduler, ...promises } = timersPromises
  refuseCalls(patches, timersPromises, Object.keys(promises), LATE)
  refuseCalls(patches, scheduler, ['wait', 'yield'], LATE, 'scheduler.')
  refuseCalls(patches, process, ['nextTick'], LATE, 'process.')
  refuseCalls(patches, FinalizationRegistry.prototype, ['register'], LATE, 'FinalizationRegistry.prototype.')
  for (const name of LISTENERS) refuseIf(patches, process, name, LATE, (_, self) => self === process, 'process.')
  refuseCalls(patches, process, ['exit', 'reallyExit', 'abort', 'kill', 'chdir'], UNDONE, 'process.')
  refuseCalls(patches, childProcess, PROCESSES, UNDONE)
  replaceFiles(patches, fs)
  for (const name of [...CRYPTO, ...CRYPTO_MORE]) refuseIf(patches, crypto, name, LATE, takesCallback)
  replaceMessages(patches)
  refuseConstructor(patches, threads, 'Worker', 'the actors are what runs at once. Make what the worker does an actor.')
  answerPrints(patches)
  noticeLateWork(patches)
}

function replaceFiles(patches: Patches, fs: object): void {
  refuseCalls(patches, fs, FILE_WRITES, UNDONE)
  refuseIf(patches, fs, 'openSync', UNDONE, ([, flags]) => flags !== undefined && flags !== 'r' && flags !== 0)
  refuseIf(patches, fs, 'writeSync', UNDONE, ([file]) => file !== 1 && file !== 2)
}

function takesCallback(args: readonly unknown[]): boolean {
  return typeof args.at(-1) === 'function'
}
