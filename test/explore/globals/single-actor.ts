/** Runs the same code natively and as the only actor of an exploration. */
import { expect } from 'vitest'

import { explore } from '../../../src/explore/index.ts'
import { outcomeKey } from '../../../src/explore/subject/outcome.ts'

/** The result of the code, or the error that it throws, and the bytes that it leaves behind. */
export function attempt(work: (memory: SharedArrayBuffer) => unknown, memory: SharedArrayBuffer): string {
  let result: unknown
  try {
    result = work(memory)
  } catch (error) {
    // V8 describes an object as #<DataView> by the name of its constructor, but not if the constructor is a proxy.
    const message = error instanceof Error ? error.message.replace(/#<(\w+)>/, '[object $1]') : ''
    result = error instanceof Error ? `${error.name}: ${message}` : `threw ${String(error)}`
  }
  return outcomeKey([Object.is(result, -0) ? '-0' : result, [...new Uint8Array(memory)]])
}

/** Expects that the code does in an actor what it does natively, on 64 bytes. */
export function expectAsNative(work: (memory: SharedArrayBuffer) => unknown): void {
  const native = attempt(work, new SharedArrayBuffer(64))
  const { error, failures, outcomes } = explore({
    name: 'one actor',
    memory: () => new SharedArrayBuffer(64),
    actors: { alone: (memory) => attempt(work, memory as SharedArrayBuffer) },
    observe: (_, { alone }) => alone,
  })
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
  expect(Object.keys(outcomes)).toEqual([native])
}
