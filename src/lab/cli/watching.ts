/** Does work again each time that a source file changes, until the command is stopped. */
import { EventEmitter, once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { watch } from 'chokidar'
import { RacelabError } from '../../errors.ts'
import { print } from '../../terminal/print.ts'
import { InterruptedError, onStop } from '../../terminal/stop-cause.ts'
import type { StopCause } from '../../terminal/stop-cause.ts'

const SOURCE = /\.[cm]?[jt]sx?$|\.json$/
const LEFT_OUT = /(^|\/)(node_modules|\.[^./][^/]*)(\/|$)/
/** Milliseconds to wait for more changes: an editor or a compiler often writes several files. */
const SETTLE_MS = 100

/**
 * Calls `work` now, and after each change of a source file in the folders of `paths`. An error of `work` is printed. Throws
 * InterruptedError when the command is stopped.
 */
export async function workOnChange(paths: readonly string[], work: () => Promise<void>): Promise<never> {
  const changes = new EventEmitter()
  const watcher = watch(paths.map(folderOf), {
    ignoreInitial: true,
    ignored: (path, stats) => LEFT_OUT.test(path) || (stats?.isFile() === true && !SOURCE.test(path)),
  }).on('all', () => changes.emit('change'))
  try {
    await once(watcher, 'ready')
    for (;;) {
      const change = once(changes, 'change')
      await attempt(work)
      print('Waiting for a change of a source file. Ctrl-C ends.\n')
      await unlessStopped(change)
      await unlessStopped(wait(SETTLE_MS))
    }
  } finally {
    await watcher.close()
  }
}

function folderOf(path: string): string {
  if (!existsSync(path)) return '.'
  return statSync(path).isDirectory() ? path : dirname(path)
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof RacelabError) || error instanceof InterruptedError) throw error
    process.stderr.write(`error: ${error.message}\n`)
  }
}

/** Waits for `event`. Throws InterruptedError if the command is stopped before. */
async function unlessStopped(event: Promise<unknown>): Promise<void> {
  const stops = new EventEmitter()
  const off = onStop((cause) => stops.emit('stop', cause))
  const stopped = once(stops, 'stop').then(([cause]) => {
    throw new InterruptedError(cause as StopCause, 'The command was waiting for a change.')
  })
  await Promise.race([event, stopped]).finally(off)
}
