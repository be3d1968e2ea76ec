/**
 * Notices work that is started while an actor runs and goes on after the actor has ended, whichever function started
 * it: a promise, a timer, a port, a worker. Node's async hooks tell of each. A hook must not throw, so the actor is
 * stopped at its next access or at its end; `disarm.ts` stops most of this work before it has any effect.
 */
import { createHook } from 'node:async_hooks'
import { watcher } from './controller.ts'
import { disarm, refuseCallback } from './disarm.ts'
import type { Patches } from './patch.ts'
import { LATE } from './refused.ts'

/** What the actor did, by the type under which Node reports it. */
const STARTED = new Map([
  ['PROMISE', 'a promise was made (by an async function, await, then or import)'],
  ['Timeout', 'a timer was set (setTimeout, setInterval)'],
  ['Immediate', 'setImmediate was called'],
  ['TickObject', 'process.nextTick was called'],
  ['Microtask', 'queueMicrotask was called'],
  ['MESSAGEPORT', 'a MessagePort was made (MessageChannel, BroadcastChannel)'],
  ['WORKER', 'a Worker was started'],
  ['PROCESSWRAP', 'a child process was started'],
  ['SIGNALWRAP', 'a listener for a signal was added'],
  ['FSREQCALLBACK', 'a file was asked for asynchronously'],
  ['FSREQPROMISE', 'a file was asked for asynchronously'],
  ['FSEVENTWRAP', 'a file is watched'],
  ['STATWATCHER', 'a file is watched'],
  ['GETADDRINFOREQWRAP', 'a network address was asked for'],
  ['GETNAMEINFOREQWRAP', 'the name of a network address was asked for'],
  ['QUERYWRAP', 'a network address was asked for'],
  ['TCPWRAP', 'a network connection was opened'],
  ['TCPCONNECTWRAP', 'a network connection was opened'],
  ['PIPEWRAP', 'a pipe was opened'],
  ['PIPECONNECTWRAP', 'a pipe was opened'],
  ['TCPSERVERWRAP', 'a server was started'],
  ['PIPESERVERWRAP', 'a server was started'],
  ['UDPWRAP', 'a network socket was opened'],
  ['UDPSENDWRAP', 'a network packet was sent'],
  ['WRITEWRAP', 'a stream was written to'],
  ['SHUTDOWNWRAP', 'a stream was ended'],
])

/** The types that also stand for a synchronous call. The call is refused where it is given a callback. */
const OFTEN_SYNCHRONOUS = new Map([
  ['ZLIB', 'zlib'],
  ...'CHECKPRIME CIPHER DERIVEBITS HASH KEYEXPORT KEYGEN KEYPAIRGEN PBKDF2 RANDOMBYTES RANDOMPRIME SCRYPT SIGN VERIFY'
    .split(' ')
    .map((type) => [`${type}REQUEST`, 'crypto'] as const),
])

const nativeThen = Reflect.get(Promise.prototype, 'then') as (...args: unknown[]) => unknown

/** Stops an actor that starts work which goes on after its end. */
export function noticeLateWork(patches: Patches): void {
  const hook = createHook({
    init: (_id, type, _trigger, resource) => {
      const controller = watcher()
      if (controller === undefined) return
      const started = STARTED.get(type)
      const library = OFTEN_SYNCHRONOUS.get(type)
      if (started !== undefined) {
        controller.refuseLater(`${started}: ${LATE}`)
        if (resource instanceof Promise) quieten(resource)
        else disarm(type, resource, `${started}: ${LATE}`)
      } else if (library !== undefined) {
        refuseCallback(resource, `node:${library} was called with a callback: ${LATE}`)
      }
    },
    promiseResolve: () =>
      watcher()?.refuseLater(`a promise was settled, and what waits for it goes on after the actor has ended: ${LATE}`),
  })
  hook.enable()
  patches.onRestore(() => hook.disable())
}

let quietening = false

/**
 * Handles the rejection of a promise: stopping an actor inside an async function rejects one, which must not end the
 * process.
 */
function quieten(promise: Promise<unknown>): void {
  // `then` makes a promise as well.
  if (quietening) return
  quietening = true
  try {
    Reflect.apply(nativeThen, promise, [undefined, () => {}])
  } finally {
    quietening = false
  }
}
