/** Waits for an answer of this process, which a machine with too much to do may leave without a processor. */
import { setTimeout } from 'node:timers/promises'

/** Milliseconds after which an answer is no longer waited for, however little the process could work. */
const STARVED_MS = 5000

/** Milliseconds for which all threads of the process have worked together. */
export type Worked = () => number

/**
 * Returns what the promise resolves to; undefined if the process takes longer. A process that works is given milliseconds of work, and
 * one that waits is given milliseconds of the clock.
 */
export async function within<T>(
  milliseconds: number,
  answer: Promise<T>,
  worked: Worked = workedSince(process.cpuUsage()),
): Promise<T | undefined> {
  const began = performance.now()
  let result: T | undefined
  do result = await Promise.race([answer, setTimeout(milliseconds, undefined)])
  while (result === undefined && performance.now() - began < STARVED_MS && isStarved(worked(), milliseconds))
  return result
}

/** Whether the process has worked, so that it does not just wait, but for less than this time. */
function isStarved(worked: number, milliseconds: number): boolean {
  return worked > milliseconds / 10 && worked < milliseconds
}

function workedSince(before: NodeJS.CpuUsage): Worked {
  return () => {
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
}
