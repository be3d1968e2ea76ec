/**
 * What actors print. An actor runs many times over: its prints would come out many times, for schedules that the user did
 * not ask for, so they are swallowed while it runs. So are warnings, which Node prints a moment later.
 */
import { createRequire } from 'node:module'
import { watcher } from './controller.ts'
import type { Patches } from './patch.ts'
import type { Method } from './refused.ts'

const require = createRequire(import.meta.url)

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupCollapsed', 'assert']

export function answerPrints(patches: Patches): void {
  for (const name of CONSOLE) swallow(patches, console, name, () => undefined)
  swallow(patches, process.stdout, 'write', () => true)
  swallow(patches, process.stderr, 'write', () => true)
  swallow(patches, process, 'emitWarning', () => undefined)
  swallow(patches, require('node:fs') as object, 'writeSync', printed)
}

/** Replaced for standard output and error alone: elsewhere a write is an effect, and refused. */
function printed([file, text]: readonly unknown[]): unknown {
  if (file !== 1 && file !== 2) return NOT_PRINTED
  return typeof text === 'string' ? Buffer.byteLength(text) : (text as ArrayBufferView).byteLength
}

const NOT_PRINTED = Symbol('not printed')

function swallow(patches: Patches, owner: object, name: string, answer: (args: readonly unknown[]) => unknown): void {
  const native = Reflect.get(owner, name) as Method | undefined
  if (native === undefined) return
  patches.replace(owner, name, function (this: unknown, ...args: unknown[]): unknown {
    const answered = watcher() === undefined ? NOT_PRINTED : answer(args)
    return answered === NOT_PRINTED ? Reflect.apply(native, this, args) : answered
  })
}
