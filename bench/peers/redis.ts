/** Redis on loopback: a connection for each thread, pipelined; a hash for each session; scripts for operations of several steps. */
import { spawn, spawnSync } from 'node:child_process'
import { createServer } from 'node:net'
import { OPERATIONS } from './implementation.ts'
import type { Client, Implementation, OnSession } from './implementation.ts'
import { peer, versionOf } from './packages.ts'
import { METADATA, USERNAME, USER_ID } from './sessions.ts'

interface Pipeline {
  call(command: string, ...values: readonly (string | number)[]): Pipeline
  exec(): Promise<readonly (readonly [Error | null, unknown])[]>
}

interface Connection {
  pipeline(): Pipeline
  call(command: string, ...values: readonly string[]): Promise<unknown>
  ping(): Promise<string>
  disconnect(): void
}

interface IoRedis {
  readonly Redis: new (port: number, host: string) => Connection
}

const PREFIX = 'metadata:'
const COUNT = `redis.call('hincrby', KEYS[1], 'version', 1) redis.call('hset', KEYS[1], 'lastActivity', ARGV[1])
  return redis.call('hincrby', KEYS[1], 'accessCount', 1)`
const SET = `redis.call('hset', KEYS[1], ARGV[2], ARGV[3]) ${COUNT}`

export const redis: Implementation = {
  name: 'Redis on loopback',
  role: 'peer',
  operations: OPERATIONS,
  note: 'pipelined; unlike racelab it works across processes and machines',
  version: () => `${serverVersion()}, ioredis ${versionOf('ioredis')}`,
  missing: () =>
    serverVersion() === undefined ? 'no redis-server on the PATH (apt-get install redis-server)' : undefined,

  async open() {
    const port = await freePort()
    const options = { port, bind: '127.0.0.1', save: '', appendonly: 'no', daemonize: 'no' }
    const server = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]),
      {
        stdio: 'ignore',
      },
    )
    const stop = (): void => void server.kill('SIGKILL')
    process.once('exit', stop)
    const close = (): void => {
      process.off('exit', stop)
      stop()
    }
    return { data: () => ({ data: port }), close }
  },

  async attach(port) {
    const { Redis } = peer('ioredis') as IoRedis
    const connection = new Redis(port as number, '127.0.0.1')
    await connection.ping()
    const scripts = [COUNT, SET].map((script) => connection.call('SCRIPT', 'LOAD', script) as Promise<string>)
    return clientOf(connection, ...((await Promise.all(scripts)) as [string, string]))
  },
}

function clientOf(connection: Connection, count: string, set: string): Client {
  const metadata = Object.entries(METADATA).flatMap(([key, value]) => [PREFIX + key, value])
  const first = ['userId', USER_ID, 'username', USERNAME, 'accessCount', 0, 'version', 1, 'isAuthenticated', 1]
  /** Sends a command for each id, and then waits for the answers. */
  const all = async (
    ids: readonly string[],
    command: (id: string, index: number) => (string | number)[],
    onSession?: OnSession,
  ) => {
    const pipeline = connection.pipeline()
    ids.forEach((id, index) => void pipeline.call(...(command(id, index) as [string])))
    const answers = await pipeline.exec()
    answers.forEach(([failure, answer], index) => {
      if (failure) throw failure
      onSession?.(seen(ids[index]!, answer as readonly string[]))
    })
  }
  return {
    create: (ids) => all(ids, (id) => ['HSET', id, ...first, 'lastActivity', Date.now(), ...metadata]),
    delete: (ids) => all(ids, (id) => ['DEL', id]),
    increment: (ids) => all(ids, (id) => ['EVALSHA', count, 1, id, Date.now()]),
    get: (ids, onSession) => all(ids, (id) => ['HGETALL', id], onSession),
    set: (ids, key, values) => all(ids, (id, at) => ['EVALSHA', set, 1, id, Date.now(), PREFIX + key, values[at]!]),
    close: () => connection.disconnect(),
  }
}

/** Turns the answer of HGETALL, in which names and values alternate, into a session. */
function seen(id: string, fields: readonly string[]) {
  if (fields.length === 0) return undefined
  const session: Record<string, string> = {}
  const metadata: Record<string, string> = {}
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at]!
    if (name.startsWith(PREFIX)) metadata[name.slice(PREFIX.length)] = fields[at + 1]!
    else session[name] = fields[at + 1]!
  }
  const { userId = '', username = '', accessCount } = session
  return { id, userId, username, accessCount: Number(accessCount), metadata }
}

function serverVersion(): string | undefined {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' })
  return /v=(\S+)/.exec(stdout ?? '')?.[1]
}

function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
