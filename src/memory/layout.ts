/**
 * Layouts: which word of a shared memory is which. A layout is built from regions. It gives the offset of each region and the
 * name of any word (`session[3].version`), so that tools can show a name instead of a number. A layout touches no memory.
 *
 * @example
 * const point = struct({ x: word, y: word })
 * const shape = struct({ colour: word, corner: table(point, 4) })
 * shape.at.corner + shape.fields.corner.at(2) + point.at.y // 6
 * shape.nameOf(6) // 'corner[2].y'
 */

/** The length of a cache line in words. A record that has its lines to itself is not slowed by writes to its neighbours. */
export const LINE = 16

/** A number of consecutive words, and their names. */
export interface Region {
  /** How many Int32 words the region takes. */
  readonly words: number
  /** Returns what the name of a word adds to the name of the region: '', '[2]', '.x' or '[2].x'. `word` is an offset. */
  suffix(word: number): string
}

/** A region of `count` equal elements, one after the other. */
export interface Table<Element extends Region> extends Region {
  readonly count: number
  readonly element: Element
  /** Returns the offset of an element from the start of the table, in words. */
  at(index: number): number
}

/** A region of named fields, one after the other. */
export interface Struct<Fields extends Record<string, Region>> extends Region {
  readonly fields: Fields
  /** The offset of each field from the start of the struct, in words. */
  readonly at: { readonly [Name in keyof Fields]: number }
  /** Returns the name of a word, such as `corner[2].y`; `word 99` if the offset is outside the struct. */
  nameOf(word: number): string
}

/** A region of one word. */
export const word: Region = { words: 1, suffix: () => '' }

/** Returns a region of `count` words that belong together, such as the characters of a text. */
export function words(count: number): Region {
  return { words: count, suffix: (at) => `[${at}]` }
}

/**
 * Returns the region padded to whole cache lines. It begins at the start of a line if the memory does and everything before the
 * region takes whole lines too.
 */
export function lines<Inner extends Region>(region: Inner): Inner {
  return {
    ...region,
    words: Math.ceil(region.words / LINE) * LINE,
    suffix: (at) => (at < region.words ? region.suffix(at) : ` padding[${at - region.words}]`),
  }
}

/** Returns a region of `count` elements, one after the other. */
export function table<Element extends Region>(element: Element, count: number): Table<Element> {
  const stride = element.words
  return {
    words: stride * count,
    count,
    element,
    at: (index) => index * stride,
    suffix: (at) => `[${Math.floor(at / stride)}]${element.suffix(at % stride)}`,
  }
}

/** Returns a region of the named fields, one after the other, in the order of `fields`. */
export function struct<const Fields extends Record<string, Region>>(fields: Fields): Struct<Fields> {
  const starts = new Map<string, number>()
  let size = 0
  for (const [name, region] of Object.entries(fields)) {
    starts.set(name, size)
    size += region.words
  }
  const nameOf = (at: number): string => {
    for (const [name, region] of Object.entries(fields)) {
      const within = at - starts.get(name)!
      if (within >= 0 && within < region.words) return name + region.suffix(within)
    }
    return `word ${at}`
  }
  return {
    words: size,
    fields,
    at: Object.fromEntries(starts) as { [Name in keyof Fields]: number },
    nameOf,
    suffix: (at) => `.${nameOf(at)}`,
  }
}
