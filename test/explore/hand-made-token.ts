/** Tokens that no exploration has made. */
import { decodeToken } from '../../src/explore/replay/token.ts'
import type { TokenContent } from '../../src/explore/replay/token.ts'

/** Returns a token with another content: another point of a crash, or other steps. */
export function changedToken(token: string, change: (content: TokenContent) => Partial<TokenContent>): string {
  const content = decodeToken(token)
  const { client, seed, schedule, prints } = { ...content, ...change(content) }
  const name = Buffer.from(client === undefined ? '' : `\0${client}`)
  const turns = schedule.flatMap((actor) => [actor, 1])
  const bytes = [name.length, ...name, seed, schedule.length, ...turns, ...prints]
  const end = Buffer.alloc(4)
  end.writeUInt32LE(fnv1a(bytes))
  return `rl1.${Buffer.concat([Buffer.from(bytes), end]).toString('base64url')}`
}

function fnv1a(bytes: readonly number[]): number {
  return bytes.reduce((sum, byte) => Math.imul(sum ^ byte, 0x01000193), 0x811c9dc5) >>> 0
}
