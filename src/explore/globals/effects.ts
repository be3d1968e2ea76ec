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
import dgram from 'node:dgram'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import { Writable } from 'node:stream'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import v8 from 'node:v8'
import threads from 'node:worker_threads'
import { noticeLateWork } from './late-work.ts'
import { LISTENERS, replaceMessages } from './messages.ts'
import type { Patches } from './patch.ts'
import { answerPrints } from './prints.ts'
import { LATE, refuseCalls, refuseConstructor, refuseIf, UNDONE } from './refused.ts'

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate']
const PROCESSES = ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']
/** Functions of the process that change it, or act through its listeners. */
const OF_PROCESS = 'exit reallyExit abort kill chdir execve dlopen disconnect loadEnvFile initgroups setgroups'
  .split(' ')
  .concat('setuid seteuid setgid setegid setUncaughtExceptionCaptureCallback'.split(' '))
/** The synchronous functions of node:fs that change nothing. For openSync and writeSync it depends on the arguments. */
const FILE_READS = new Set(
  'accessSync closeSync existsSync fstatSync lstatSync opendirSync openSync readdirSync readFileSync readlinkSync'
    .split(' ')
    .concat('readSync readvSync realpathSync statSync statfsSync writeSync globSync'.split(' ')),
)
const READING_FLAGS: ReadonlySet<unknown> = new Set([undefined, null, 'r', 'rs', 'sr', fs.constants.O_RDONLY])
/** The functions of node:fs that have no synchronous twin, and go on after they return. */
const FILES_LATER = ['createReadStream', 'createWriteStream', 'openAsBlob', 'unwatchFile', 'watch', 'watchFile']
/** With a callback, these functions do their work on another thread. */
const CRYPTO = ['checkPrime', 'generateKey', 'generateKeyPair', 'generatePrime', 'hkdf', 'pbkdf2', 'randomBytes']
const CRYPTO_MORE = ['prng', 'pseudoRandomBytes', 'randomFill', 'randomInt', 'rng', 'scrypt', 'sign', 'verify']

export function replaceEffects(patches: Patches): void {
  refuseCalls(patches, globalThis, [...TIMERS, 'queueMicrotask', 'fetch'], LATE)
  refuseCalls(patches, timers, [...TIMERS, 'active', 'enroll', '_unrefActive'], LATE)
  const { scheduler, ...promises } = timersPromises
  refuseCalls(patches, timersPromises, Object.keys(promises), LATE)
  refuseCalls(patches, scheduler, ['wait', 'yield'], LATE, 'scheduler.')
  refuseCalls(patches, process, ['nextTick'], LATE, 'process.')
  refuseCalls(patches, FinalizationRegistry.prototype, ['register'], LATE, 'FinalizationRegistry.prototype.')
  for (const name of LISTENERS) refuseIf(patches, process, name, LATE, (_, self) => self === process, 'process.')
  refuseCalls(patches, process, OF_PROCESS, UNDONE, 'process.')
  refuseIf(patches, process, 'umask', UNDONE, ([mask]) => mask !== undefined, 'process.')
  // Node tells the listeners of a warning later.
  refuseCalls(patches, process, ['emitWarning'], LATE, 'process.')
  refuseCalls(patches, threads, ['setEnvironmentData'], UNDONE)
  refuseCalls(patches, os, ['setPriority'], UNDONE, 'os.')
  refuseCalls(patches, crypto, ['setFips', 'setEngine'], UNDONE, 'crypto.')
  refuseCalls(patches, v8, ['setFlagsFromString', 'setHeapSnapshotNearHeapLimit', 'writeHeapSnapshot'], UNDONE, 'v8.')
  refuseCalls(patches, dgram.Socket.prototype, ['send'], UNDONE)
  refuseCalls(patches, childProcess, PROCESSES, UNDONE)
  replaceFiles(patches)
  for (const name of [...CRYPTO, ...CRYPTO_MORE]) refuseIf(patches, crypto, name, LATE, takesCallback)
  replaceMessages(patches)
  refuseConstructor(patches, threads, 'Worker', 'the actors are what runs at once. Make what the worker does an actor.')
  answerPrints(patches)
  noticeLateWork(patches)
}

function replaceFiles(patches: Patches): void {
  const synchronous = Object.keys(fs).filter((name) => name.endsWith('Sync'))
  refuseCalls(
    patches,
    fs,
    synchronous.filter((name) => !FILE_READS.has(name)),
    UNDONE,
  )
  refuseIf(patches, fs, 'openSync', UNDONE, ([, flags]) => !READING_FLAGS.has(flags))
  refuseIf(patches, fs, 'writeSync', UNDONE, ([file]) => file !== 1 && file !== 2)
  const later = synchronous.map((name) => name.slice(0, -'Sync'.length)).filter((name) => name in fs)
  refuseCalls(patches, fs, [...later, ...FILES_LATER], LATE, 'fs.')
  refuseCalls(patches, fs.promises, Object.keys(fs.promises), LATE, 'fs.promises.')
  // A stream that is not open yet keeps what is written to it until it is.
  for (const name of ['write', 'end'])
    refuseIf(patches, Writable.prototype, name, LATE, (_, self) => leadsOutside(self))
}

function leadsOutside(stream: unknown): boolean {
  return stream instanceof fs.WriteStream || stream instanceof net.Socket
}

function takesCallback(args: readonly unknown[]): boolean {
  return typeof args.at(-1) === 'function'
}
