/**
 * Messages between threads. What passes through a port is not in the shared memory, and the event loop decides when it
 * arrives: the explorer cannot order it.
 */
import threads from 'node:worker_threads'
import type { Patches } from './patch.ts'
import { watcher } from './controller.ts'
import { refuseCalls, refuseConstructor, refuseIf } from './refused.ts'

const WHY =
  'messages of a MessagePort are not shared memory, and the explorer cannot order them. ' +
  'Let the actors talk through words of the shared memory.'
export const LISTENERS = ['on', 'once', 'addListener', 'addEventListener', 'prependListener', 'prependOnceListener']

export function replaceMessages(patches: Patches): void {
  for (const name of ['MessageChannel', 'BroadcastChannel']) {
    refuseConstructor(patches, threads, name, WHY)
    refuseConstructor(patches, globalThis, name, WHY)
  }
  refuseCalls(patches, threads, ['receiveMessageOnPort', 'postMessageToThread', 'moveMessagePortToContext'], WHY)
  if (process.send !== undefined) refuseCalls(patches, process, ['send'], WHY)
  for (const name of ['MessagePort', 'BroadcastChannel', 'Worker'] as const) {
    const { prototype } = threads[name]
    refuseCalls(patches, prototype, ['postMessage', 'start'], WHY)
    for (const method of LISTENERS) refuseIf(patches, prototype, method, WHY, (_, self) => isOf(self, prototype))
    for (const event of ['onmessage', 'onmessageerror']) refuseSetter(patches, prototype, event)
  }
}

function isOf(value: unknown, prototype: object): boolean {
  return typeof value === 'object' && value !== null && Object.prototype.isPrototypeOf.call(prototype, value)
}

function refuseSetter(patches: Patches, prototype: object, name: string): void {
  const native = Object.getOwnPropertyDescriptor(prototype, name)
  const { set } = native ?? {}
  if (native?.configurable !== true || set === undefined) return
  const replaced = function (this: unknown, value: unknown): void {
    watcher()?.refuse(`${name} was set: ${WHY}`)
    Reflect.apply(set, this, [value])
  }
  patches.define(prototype, name, { ...native, set: replaced })
}
