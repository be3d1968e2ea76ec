import { execSync, spawn } from 'node:child_process'
import { pbkdf2, pbkdf2Sync, randomBytes } from 'node:crypto'
import { lookup, lookupService } from 'node:dns'
import { EventEmitter } from 'node:events'
import fs, {
  appendFile,
  appendFileSync,
  existsSync,
  mkdir,
  readFile,
  rmSync,
  watch,
  watchFile,
  writeSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { writeHeapSnapshot } from 'node:v8'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as setImmediateTimer, setTimeout as setTimer } from 'node:timers'
import { scheduler, setTimeout as sleep } from 'node:timers/promises'
import { MessageChannel, receiveMessageOnPort, setEnvironmentData, Worker } from 'node:worker_threads'
import { deflate, deflateSync } from 'node:zlib'
import { afterAll, expect, test, vi } from 'vitest'

import { explore } from '../../src/explore/index.ts'
import { over } from './counters.ts'

type Act = (words: Int32Array) => unknown
const bob: Act = (words) => Atomics.add(words, 0, 1)

// These are made or kept before an exploration begins.
const { port1, port2 } = new MessageChannel()
const channel = new BroadcastChannel('racelab')
const timers = { nextTick: process.nextTick, setTimeout, setInterval, setImmediate, queueMicrotask }
const files = { readFile, appendFile, mkdir, watch, watchFile }
const outside = { MessageChannel, Worker, spawn, lookup, lookupService, connect, createServer }
const kept = { ...timers, ...files, ...outside, deflate, pbkdf2, randomBytes }
const { postMessage } = port1
const copies = { post: port1.postMessage.bind(port1), postMessage, receiveMessageOnPort, setEnvironmentData }
const { openSync } = fs
/** Node has it from version 22 on. */
const globSync = Reflect.get(fs, 'globSync') as ((pattern: string) => unknown) | undefined
// At its first call Node loads more modules, with random numbers.
globSync?.('package.json')
const { umask, setgid, getgid } = process
const copiesOfMore = { appendFileSync, execSync, openSync, globSync, umask, setgid }
const opened = Promise.resolve()
const doors: (() => void)[] = []
const passed = Array.from({ length: 2 }, () => new Promise<void>((resolve) => void doors.push(resolve)))
const finalisers = new FinalizationRegistry(() => {})
const stream = fs.createWriteStream('/dev/null')
const file = join(tmpdir(), `racelab-effects-${process.pid}`)

afterAll(() => {
  port1.close()
  channel.close()
  stream.end()
})

/** Returns the message of the exploration, which is the same wherever in its run the actor has the effect. */
function refusalOf(effect: Act): string {
  const alice: Act = (words) => {
    Atomics.add(words, 0, 1)
    effect(words)
    Atomics.add(words, 0, 1)
  }
  const messages = [alice, effect].map((act) => {
    const { verdict, error, schedules } = explore(over({ alice: act, bob }))
    expect({ verdict, schedules }).toEqual({ verdict: 'error', schedules: 0 })
    return error?.message ?? ''
  })
  for (const message of messages) expect(message).toMatch(/^alice: .*effects\.test\.ts:\d+/s)
  return messages[0] ?? ''
}

async function later(words: Int32Array): Promise<void> {
  const seen = Atomics.load(words, 0)
  await opened
  Atomics.store(words, 0, seen + 1)
}

test.each<[name: string, expected: RegExp, effect: Act]>([
  ['postMessage of a port', /postMessage.*MessagePort/, () => port1.postMessage(1)],
  ['postMessage of a channel', /postMessage/, () => channel.postMessage(1)],
  ['receiveMessageOnPort', /receiveMessageOnPort/, () => receiveMessageOnPort(port2)],
  ['a new channel', /MessageChannel/, () => new MessageChannel()],
  ['a global channel', /MessageChannel/, () => new globalThis.MessageChannel()],
  ['a broadcast', /BroadcastChannel/, () => new BroadcastChannel('racelab')],
  ['a listener on a port', /addListener|on was called.*MessagePort/, () => port2.on('message', () => {})],
  ['an event listener on a port', /addEventListener/, () => port2.addEventListener('message', () => {})],
  ['onmessage', /onmessage was set/, () => Object.assign(port2, { onmessage: () => {} })],
])('messages: %s is refused by name', (_, expected, effect) => {
  expect(refusalOf(effect)).toMatch(expected)
})

test.each<[name: string, expected: RegExp, effect: Act]>([
  ['a global timer', /setTimeout/, () => setTimeout(() => {}, 0)],
  ['an imported timer', /setTimeout/, () => setTimer(() => {}, 0)],
  ['an imported immediate', /setImmediate/, () => setImmediateTimer(() => {})],
  ['a timer that is a promise', /setTimeout/, () => sleep(1)],
  ['scheduler.wait', /scheduler\.wait was called/, () => scheduler.wait(1)],
  ['nextTick', /process\.nextTick/, () => process.nextTick(() => {})],
  ['nextTick kept from before', /nextTick/, () => kept.nextTick(() => {})],
  ['setTimeout kept from before', /setTimeout/, () => clearTimeout(kept.setTimeout(() => {}, 0))],
  ['setImmediate kept from before', /setImmediate/, () => clearImmediate(kept.setImmediate(() => {}))],
  ['queueMicrotask kept from before', /queueMicrotask/, () => kept.queueMicrotask(() => {})],
  ['MessageChannel kept from before', /MessagePort/, () => new kept.MessageChannel().port1.close()],
  ['readFile kept from before', /file/, () => kept.readFile(file, () => {})],
  ['a listener of the process', /process\.once was called/, () => process.once('exit', () => {})],
  ['a finaliser', /register was called/, () => finalisers.register({}, 0)],
  ['a warning', /process\.emitWarning was called/, () => process.emitWarning('a')],
  ['a file that is appended to', /fs\.appendFile was called/, () => appendFile(file, 'x', () => {})],
  ['a file that is watched', /fs\.watchFile was called/, () => watchFile(file, () => {})],
  ['a promise for a file', /fs\.promises\.appendFile was called/, () => void fs.promises.appendFile(file, 'x')],
  ['a stream that was opened before', /write was called/, () => void stream.write('x')],
  ['work on another thread', /pbkdf2/, () => pbkdf2('a', 'b', 1, 8, 'sha1', () => {})],
])('later work: %s is refused by name', (_, expected, effect) => {
  expect(refusalOf(effect)).toMatch(expected)
})

let happened = ''
const happens = (): void => void (happened += 'it happens ')

test.each<[name: string, expected: RegExp, effect: Act]>([
  ['queueMicrotask', /queueMicrotask/, () => kept.queueMicrotask(happens)],
  ['nextTick', /nextTick/, () => kept.nextTick(happens)],
  ['setTimeout', /setTimeout/, () => kept.setTimeout(happens, 1)],
  ['setInterval', /setInterval/, () => kept.setInterval(happens, 1)],
  ['setImmediate', /setImmediate/, () => kept.setImmediate(happens)],
  ['readFile', /file/, () => kept.readFile('/', happens)],
  ['appendFile', /file/i, () => kept.appendFile(file, 'x', happens)],
  ['mkdir', /file/, () => kept.mkdir(file, happens)],
  ['watch', /file is watched/, () => kept.watch('/', happens)],
  ['watchFile', /file is watched/, () => kept.watchFile(file, { interval: 1 }, happens)],
  ['lookup', /network address/, () => kept.lookup('localhost', happens)],
  ['lookupService', /network address/, () => kept.lookupService('127.0.0.1', 9, happens)],
  ['connect by address', /connection/, () => kept.connect(9, '127.0.0.1').on('error', happens)],
  ['connect by path', /pipe/, () => kept.connect(file).on('error', happens)],
  ['a server', /server/, () => kept.createServer().listen(0, happens)],
  ['deflate', /nextTick|zlib/, () => kept.deflate('a', happens)],
  ['pbkdf2', /crypto/, () => kept.pbkdf2('a', 'b', 1, 8, 'sha1', happens)],
  ['randomBytes', /crypto/, () => kept.randomBytes(8, happens)],
  ['a process', /spawn was called|child process/, () => kept.spawn('touch', [file])],
  ['a worker', /Worker/, () => new kept.Worker(`fs.writeFileSync(${JSON.stringify(file)}, '')`, { eval: true })],
])('kept from before: %s is refused, and nothing of it happens', async (_, expected, effect) => {
  happened = ''
  expect(refusalOf(effect)).toMatch(expected)
  // Other work of this kind, which is started later and ends: the refused work would have happened by then.
  await new Promise<void>((resolve) => {
    kept.readFile(process.execPath, () => kept.setTimeout(resolve, 20))
  })
  const written = existsSync(file)
  rmSync(file, { force: true, recursive: true })
  expect({ happened, written }).toEqual({ happened: '', written: false })
})

test('what has a callback in other calls is allowed without one', () => {
  const alice: Act = () => deflateSync('a').length + pbkdf2Sync('a', 'b', 1, 8, 'sha1').length
  expect(explore(over({ alice, bob }))).toMatchObject({ verdict: 'pass', complete: true })
})

test.each<[name: string, effect: Act]>([
  ['then', (words) => void opened.then(() => Atomics.store(words, 0, 7))],
  ['an async function that is not awaited', (words) => void later(words)],
  ['the settling of a promise from before', () => doors.pop()?.()],
  ['a step of an async generator', () => void (async function* () {})().next()],
  ['fetch', () => void fetch('data:,')],
])('promises: %s is refused', (_, effect) => {
  expect(refusalOf(effect)).toMatch(/promise|fetch/)
})

test('promises: an import is refused', () => {
  const alice: Act = (words) => void import('node:dns').then(() => Atomics.store(words, 0, 7))
  expect(explore(over({ alice, bob })).error?.message).toMatch(/^alice: a promise was made/)
})

test.each<[name: string, expected: RegExp, effect: Act]>([
  ['a worker', /new Worker/, () => new Worker('', { eval: true })],
  ['a child process', /execSync/, () => execSync('true')],
  ['a file that is written', /appendFileSync/, () => appendFileSync(file, 'x')],
  ['the mode of a file', /chmodSync/, () => fs.chmodSync(file, 0o600)],
  ['the mode of new files', /process\.umask was called/, () => process.umask(0)],
  ['the user of the process', /process\.setuid was called/, () => process.setuid?.(0)],
  ['what new workers get', /setEnvironmentData/, () => setEnvironmentData('a', 1)],
  ['a snapshot of the heap', /v8\.writeHeapSnapshot was called/, () => writeHeapSnapshot(file)],
  ['the end of the process', /process\.exit was called/, () => process.exit(0)],
])('beyond this thread: %s is refused by name, before it happens', (_, expected, effect) => {
  expect(refusalOf(effect)).toMatch(expected)
  expect(existsSync(file)).toBe(false)
})

test.each<[name: string, expected: RegExp, effect: Act]>([
  ['a bound postMessage', /postMessage was called/, () => copies.post(1)],
  ['postMessage', /postMessage was called/, () => copies.postMessage.call(port1, 1)],
  ['receiveMessageOnPort', /receiveMessageOnPort was called/, () => copies.receiveMessageOnPort(port2)],
  ['what new workers get', /setEnvironmentData was called/, () => copies.setEnvironmentData('a', 1)],
  ['a file that is written', /appendFileSync was called/, () => copiesOfMore.appendFileSync('/dev/null', 'x')],
  [
    'a file that is opened to write',
    /openSync was called/,
    () => fs.closeSync(copiesOfMore.openSync('/dev/null', 'w')),
  ],
  ['a child process', /execSync was called/, () => copiesOfMore.execSync('true')],
  ['the mode of new files', /process\.umask was called/, () => copiesOfMore.umask.call(process, process.umask())],
  // Node has one code for these.
  [
    'the group of the process',
    /process\.setuid or .*process\.setgid.* was called/,
    () => copiesOfMore.setgid?.(getgid?.() ?? 0),
  ],
])('kept from before, with no trace in Node: %s is refused by name', (_, expected, effect) => {
  expect(refusalOf(effect)).toMatch(expected)
  // The call itself cannot be prevented.
  while (receiveMessageOnPort(port2) !== undefined);
})

test('a kept function is refused in each of equal explorations, also after a spin loop', () => {
  const alice: Act = (words) => {
    for (;;) {
      const seen = Atomics.load(words, 0)
      if (seen === 1) break
    }
    Atomics.store(words, 1, 1)
  }
  const carol: Act = (words) => {
    if (Atomics.load(words, 1) === 1) copiesOfMore.appendFileSync('/dev/null', 'x')
  }
  const scenario = over({ alice, bob: (words) => Atomics.store(words, 0, 1), carol })
  for (let time = 0; time < 10; time++)
    expect(explore(scenario).error?.message).toMatch(/^carol: appendFileSync was called/)
})

test('a kept function is refused although the actor replaces what the explorer might use', () => {
  const { from } = Array
  const alice: Act = (words) => {
    Array.from = () => []
    fs.closeSync(copiesOfMore.openSync('/dev/null', 'w'))
    Array.from = from
    return Atomics.load(words, 0)
  }
  expect(explore(over({ alice, bob })).error?.message).toMatch(/^alice: openSync was called/)
})

test('a function kept from before may do what is allowed: read a file', () => {
  const alice: Act = () => {
    for (const flags of ['r', 'rs', 'sr', fs.constants.O_RDONLY])
      fs.closeSync(copiesOfMore.openSync('/dev/null', flags))
    copiesOfMore.globSync?.('package.json')
    return Number(Reflect.apply(copiesOfMore.umask, process, [])) >= 0
  }
  expect(explore(over({ alice, bob })).error).toBeUndefined()
})

test('a refusal that the actor catches is a refusal still', () => {
  const alice: Act = (words) => {
    try {
      port1.postMessage(1)
    } catch {
      // The error is ignored.
    }
    Atomics.add(words, 0, 1)
  }
  expect(explore(over({ alice, bob }))).toMatchObject({ verdict: 'error', error: { message: /postMessage/ } })
})

test('an effect of memory(), observe() or an invariant is refused too, also one that it catches', () => {
  const timer = (): void => void setTimeout(() => {}, 0)
  const caught = (): void => {
    try {
      timer()
    } catch {
      // The error is ignored.
    }
  }
  for (const effect of [timer, caught, (): void => void later(new Int32Array(1))]) {
    expect(explore(over({ bob }, { observe: () => effect() })).error?.message).toMatch(
      /^(The scenario|(memory|observe|invariant)\(\)): .*(timer|setTimeout|promise)/i,
    )
    expect(explore(over({ bob }, { invariant: effect })).verdict).toBe('error')
  }
})

test('what is synchronous, or is only printed, is no effect', () => {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const alice: Act = (words) => {
    const target = new EventTarget()
    const emitter = new EventEmitter()
    target.addEventListener('step', () => Atomics.add(words, 0, 1), { once: true })
    target.dispatchEvent(new Event('step'))
    emitter.once('step', () => Atomics.add(words, 0, 1)).emit('step')
    process.stdout.write('a step\n')
    writeSync(1, 'a step\n')
    console.log('a step')
    return crypto.randomUUID().length
  }
  const result = explore(over({ alice, bob }, { observe: (words) => words[0], outcomes: { 3: 'acceptable' } }))
  const printed = written.mock.calls.length
  written.mockRestore()
  expect(result).toMatchObject({ verdict: 'pass', complete: true })
  expect(printed).toBe(0)
})

test('a module that is loaded meanwhile gets the functions with all their properties', () => {
  const seen: unknown[] = []
  const look = (): void => void seen.push(fs.read.length, fs.read.name, Reflect.ownKeys(fs.read), promisify(fs.exists))
  look()
  explore(over({ alice: () => look(), bob }))
  expect(seen.slice(4, 8)).toEqual(seen.slice(0, 4))
})

test('afterwards all of it works again', async () => {
  explore(over({ alice: bob, bob }))
  await sleep(1)
  await later(new Int32Array(1))
  await Promise.all(passed)
  port1.postMessage('again')
  expect(receiveMessageOnPort(port2)).toEqual({ message: 'again' })
  expect(execSync('echo again').toString()).toBe('again\n')
})

test.each(['memory', 'observe'])('a timer in %s() is refused in words that are not about actors', (part) => {
  const { error } = explore({
    ...over({ alice: bob, bob }),
    [part]: () => {
      setTimeout(() => {}, 0)
      return new Int32Array(new SharedArrayBuffer(8))
    },
  })
  expect(error?.message).toMatch(
    new RegExp(`^${part}\\(\\): setTimeout was called: every function of a scenario is sync`),
  )
})

test('in a worker thread a refusal says the same, with its line', async () => {
  const { href } = new URL('../../src/explore/index.ts', import.meta.url)
  const code = `const { parentPort } = require('node:worker_threads')
    const loaded = import('tsx/esm/api').then(({ tsImport }) => tsImport('${href}', '${href}'))
    void loaded.then(({ explore }) => {
      const memory = () => new Int32Array(new SharedArrayBuffer(4))
      const actors = { alice: (w) => { Atomics.load(w, 0); setTimeout(() => {}) } }
      parentPort.postMessage(explore({ name: 'test', memory, actors }).error.message)
    })`
  const worker = new Worker(code, { eval: true, execArgv: [] })
  const message = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
  expect(message).toMatch(/^alice: setTimeout was called: [^]*\n {4}at \[worker eval\]:5:\d+$/)
  await worker.terminate()
})
