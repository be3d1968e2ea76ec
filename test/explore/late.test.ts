/**
 * Whatever an actor leaves behind is found out: the exploration refuses it, or the access that comes afterwards is noticed. This runs in a
 * browser too, where no hook of Node tells of promises.
 */
import { describe, expect, test } from 'vitest'
import { explore } from '../../src/explore/explore.ts'
import { lateWork } from '../../src/explore/run/late-turns.ts'

type Words = Int32Array
const late = (words: Words): void => void Atomics.store(words, 1, 7)
const settled = Promise.resolve()
let settle = (): void => {}
const waiting = new Promise<void>((resolve) => (settle = resolve))

const WAYS: Readonly<Record<string, (words: Words) => unknown>> = {
  'an async function that awaits nothing much': (words) => {
    const act = async (): Promise<void> => {
      await null
      late(words)
    }
    void act()
  },
  'an async function that awaits a promise from before': (words) => {
    const act = async (): Promise<void> => {
      await settled
      late(words)
    }
    void act()
  },
  'an async function that awaits what can be awaited': (words) => {
    const act = async (): Promise<void> => {
      await { then: (go: () => void) => go() }
      late(words)
    }
    void act()
  },
  'an async generator': (words) => {
    const steps = async function* (): AsyncGenerator<void> {
      await null
      yield late(words)
    }
    void steps().next()
  },
  'a loop over what comes later': (words) => {
    const act = async (): Promise<void> => {
      for await (const _ of [1]) late(words)
    }
    void act()
  },
  'a function made of a text': (words) => {
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor
    new AsyncFunction('words', 'late', 'await null; late(words)')(words, late)
  },
  then: (words) => void settled.then(() => late(words)),
  finally: (words) => void settled.finally(() => late(words)),
  'a new promise': (words) => void new Promise<void>((resolve) => resolve()).then(() => late(words)),
  'Promise.all': (words) => void Promise.all([]).then(() => late(words)),
  queueMicrotask: (words) => queueMicrotask(() => late(words)),
  setTimeout: (words) => void setTimeout(() => late(words)),
  setInterval: (words) => void setInterval(() => late(words)),
  setImmediate: (words) => void setImmediate(() => late(words)),
  'the settling of a promise from before': (words) => {
    void waiting.then(() => late(words))
    settle()
  },
  'Atomics.waitAsync': (words) => {
    const { value } = (Atomics as unknown as { waitAsync: typeof Atomics.wait }).waitAsync(words, 0, 0, 1) as never
    void (value as Promise<string>).then(() => late(words))
  },
  'a message': (words) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => late(words))
    port2.postMessage(1)
  },
}

describe.each(Object.entries(WAYS))('%s', (_, leave) => {
  test('is refused, or noticed afterwards', async () => {
    const act = (words: Words): void => {
      Atomics.add(words, 0, 1)
      leave(words)
    }
    const { verdict, complete } = explore({
      name: 'late',
      memory: () => new Int32Array(new SharedArrayBuffer(8)),
      actors: { alice: act, bob: (words: Words) => void Atomics.add(words, 0, 1) },
    })
    const noticed = await lateWork()
    const refused = verdict === 'error' && !complete
    expect([refused, noticed]).not.toEqual([false, undefined])
  })
})

test('an actor that is async itself is refused before it runs', () => {
  const act = async (words: Words): Promise<void> => late(words)
  const memory = (): Words => new Int32Array(new SharedArrayBuffer(8))
  expect(explore({ name: 'async', memory, actors: { act } })).toMatchObject({
    verdict: 'error',
    error: { message: expect.stringContaining('is an async function') },
  })
})
