/**
 * What actors print. An actor runs many times, so its lines would appear many times, for schedules that the user did
 * not ask for. They are noted while the actor runs, so that a replay can show them, and are not printed.
 */
import fs from 'node:fs'
import { format } from 'node:util'
import { watcher } from './controller.ts'
import type { Patches } from './patch.ts'
import type { Method } from './refused.ts'

const CONSOLE = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupCollapsed']

export function answerPrints(patches: Patches): void {
  for (const name of CONSOLE) swallow(patches, console, name, (args) => note(() => format(...args)))
  swallow(patches, console, 'assert', ([holds, ...args]) => {
    if (!holds) note(() => `Assertion failed: ${format(...args)}`)
  })
  for (const stream of [process.stdout, process.stderr]) {
    swallow(patches, stream, 'write', ([text]) => {
      note(() => textOf(text))
      return true
    })
  }
  swallow(patches, fs, 'writeSync', printed)
}

/** Only writes to standard output and standard error are swallowed. Any other write is an effect, and refused. */
function printed([file, text]: readonly unknown[]): unknown {
  if (file !== 1 && file !== 2) return NOT_PRINTED
  note(() => textOf(text))
  return typeof text === 'string' ? Buffer.byteLength(text) : (text as ArrayBufferView).byteLength
}

function note(tell: () => string): void {
  watcher()?.note?.(tell)
}

/** Returns what was written, without the newline at its end. */
function textOf(written: unknown): string {
  const text = typeof written === 'string' ? written : Buffer.from(written as Uint8Array).toString()
  return text.replace(/\n$/, '')
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
