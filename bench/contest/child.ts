/** The process of an implementation that needs a flag: `node --flag child <implementation> <setting> <thread file>`. */
import { createInterface } from 'node:readline'
import type { Setting } from '../peers/implementation.ts'
import { implementationNamed } from '../peers/index.ts'
import type { Request } from './running-competitor.ts'
import { makeIds } from './ids.ts'
import { startOnThreads } from './on-threads.ts'

const [name, settingText, file] = process.argv.slice(2) as [string, string, string]
const setting = JSON.parse(settingText) as Setting
const running = await startOnThreads(implementationNamed(name), setting, makeIds(setting.sessions), file)
say('ready')
for await (const line of createInterface(process.stdin)) {
  const order = JSON.parse(line) as Request
  say(order === 'check' ? await running.check() : await running.turn(order.turn))
}
await running.close()

function say(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
