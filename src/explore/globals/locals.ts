/**
 * The replacements of random numbers and clocks: what an actor can learn from outside the shared memory. While an actor
 * runs they are answered from its log, so that running it again gives the same values.
 */
import crypto from 'node:crypto'

import { watcher } from './controller.ts'
import type { LocalSource } from './controller.ts'
import { copyIn, extentOf, NativeUint8Array } from '../model/native.ts'
import type { Patches } from './patch.ts'
import { pieceSize, writeBytes } from './ranges.ts'
import { sharedView } from '../model/shared-view.ts'

type Method = (...args: unknown[]) => unknown

/** The time at which the clocks of an exploration start. A fixed date, so that reports are the same every day. */
const EPOCH = Date.UTC(2020, 0, 1)

export function replaceLocals(patches: Patches): void {
  answer(patches, Math, 'random', (source) => source.random())
  answer(patches, performance, 'now', (source) => source.elapsed())
  for (const owner of [crypto, globalThis.crypto]) {
    answer(patches, owner, 'randomUUID', uuid)
    replaceGetRandomValues(patches, owner)
  }
  answer(patches, crypto, 'randomBytes', (source, size) => Buffer.from(randomBytes(source, Number(size))))
  answer(patches, crypto, 'randomInt', (source, low, high) => randomInt(source, Number(low), high as number))
  replaceTime(patches)
}

/** Replaces a function by one that is answered from the log while an actor runs. */
function answer(
  patches: Patches,
  owner: object,
  name: string,
  make: (source: LocalSource, ...args: unknown[]) => unknown,
): void {
  const native = Reflect.get(owner, name) as Method | undefined
  if (native === undefined) return
  patches.replace(owner, name, (...args: unknown[]): unknown => {
    const controller = watcher()
    return controller === undefined
      ? native.apply(owner, args)
      : controller.local(name, (source) => make(source, ...args))
  })
}

function now(source: LocalSource): number {
  return EPOCH + source.elapsed()
}

function replaceTime(patches: Patches): void {
  answer(patches, Date, 'now', now)
  const hrtime = Object.assign(
    function (this: unknown, before?: [number, number]): unknown {
      return watcher()?.local('hrtime', (source) => since(source.elapsed(), before)) ?? nativeHrtime(before)
    },
    {
      bigint: (): bigint =>
        watcher()?.local('hrtime', (source) => BigInt(source.elapsed()) * 1_000_000n) ?? nativeHrtime.bigint(),
    },
  )
  patches.replace(process, 'hrtime', hrtime)
  const replaced: DateConstructor = new Proxy(NativeDate, {
    construct: (native, args: unknown[], newTarget) => {
      const at = args.length === 0 ? watcher()?.local('new Date', now) : undefined
      return Reflect.construct(
        native,
        at === undefined ? args : [at],
        newTarget === replaced ? native : newTarget,
      ) as object
    },
    apply: (native): string => {
      const at = watcher()?.local('Date', now)
      return at === undefined ? native() : new native(at).toString()
    },
  })
  patches.replace(globalThis, 'Date', replaced)
}

const NativeDate = Date
const nativeHrtime = process.hrtime

function since(elapsed: number, before: [number, number] = [0, 0]): [number, number] {
  const nanoseconds = elapsed * 1e6 - before[0] * 1e9 - before[1]
  const seconds = Math.floor(nanoseconds / 1e9)
  return [seconds, nanoseconds - seconds * 1e9]
}

function uuid(source: LocalSource): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(source.random() * 16).toString(16))
  digits[12] = '4'
  digits[16] = '89ab'[Math.floor(source.random() * 4)] ?? '8'
  return digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The log keeps the bytes. They are copied into the array of each run. */
function replaceGetRandomValues(patches: Patches, owner: object): void {
  const native = Reflect.get(owner, 'getRandomValues') as Method
  patches.replace(owner, 'getRandomValues', (into: ArrayBufferView): unknown => {
    const bytes = watcher()?.local('getRandomValues', (source) =>
      randomBytes(source, sharedView(into)?.byteLength ?? into.byteLength),
    )
    if (bytes === undefined) return native.call(owner, sharedView(into)?.raw ?? into)
    const view = sharedView(into)
    if (view !== undefined) writeBytes(view, 0, bytes, pieceSize(bytes.length, view.width))
    else copyIn(bytesUnder(into), 0, bytes)
    return into
  })
}

/** The bytes of a view that is not shared. */
function bytesUnder(view: ArrayBufferView): Uint8Array {
  const { buffer, byteOffset, byteLength } = extentOf(view)
  return new NativeUint8Array(buffer, byteOffset, byteLength)
}

function randomBytes(source: LocalSource, size: number): Uint8Array {
  return NativeUint8Array.from({ length: size }, () => Math.floor(source.random() * 256))
}

function randomInt(source: LocalSource, low: number, high: number | undefined): number {
  const [from, to] = typeof high === 'number' ? [low, high] : [0, low]
  return from + Math.floor(source.random() * (to - from))
}
