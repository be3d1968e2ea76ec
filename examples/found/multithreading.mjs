/** The package multithreading, for the scenarios of its parts. */
// Node has `navigator` from version 21 on, and the package asks it for the number of cores.
globalThis.navigator ??= { hardwareConcurrency: 2 }
// The package frees memory when an object is collected. No collection happens in a scenario, and the explorer refuses
// what may happen later.
globalThis.FinalizationRegistry = class {
  register() {}
  unregister() {}
}

export const { Barrier, Condvar, Mutex, RwLock, Semaphore, SharedJsonBuffer, channel } = await import('multithreading')

// How the package sends an end of a channel to a thread, and makes it again there.
const [sending, receiving] = channel(1)
const [serialize] = Object.getOwnPropertySymbols(Object.getPrototypeOf(Object.getPrototypeOf(sending)))
const [deserialize] = Object.getOwnPropertySymbols(sending.constructor)
export const sent = (end) => end[serialize]()[0]
export const senderOf = (data) => sending.constructor[deserialize](data)
export const receiverOf = (data) => receiving.constructor[deserialize](data)
