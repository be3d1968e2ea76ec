/**
 * Layouts: which word of a shared memory is which. A layout is built from regions, gives the offset of each, and can say
 * the name of any word (`session[3].version`), so that tools never have to show a bare number. Pure: touches no memory.
 *
 * @example
 * const point = struct({ x: word, y: word })
 * const shape = struct({ colour: word, corner: table(point, 4) })
 * shape.at.corner + shape.fields.corner.at(2) + point.at.y // 6
 * shape.nameOf(6) // 'corner[2].y'
 */

/** A cache line in words. A record that owns its lines is not slowed by writes to its neighbours. */
export const LINE = 16

export interface Region {
  /** How many Int32 words it takes. */
  readonly words: number
  /** The name of one of its words, to be put behind the region's own name: '', '[2]', '.x', '[2].x'. */
  suffix(word: number): string
}

export interface Table<Element extends Region> extends Region {
  readonly count: number
  readonly element: Element
  /** Offset of an element, from the table's start. */
  at(index: number): number
}

export interface Struct<Fields extends Record<string, Region>> extends Region {
  readonly fields: Fields
  /** Offsets of the fields, from the struct's start. */
  readonly at: { readonly [Name in keyof Fields]: number }
  /** The name of a word, such as `corner[2].y`. */
  nameOf(word: number): string
}

/** One word. */
export const word: Region = { words: 1, suffix: () => '' }

/** A run of words that belong together, such as the characters of a text. */
export function words(count: number): Region {
  return { words: count, suffix: (at) => `[${at}]` }
}

/** The same region, padded to whole cache lines. It begins on one if all that comes before it is whole lines too. */
export function lines<Inner extends Region>(region: Inner): Inner {
  return {
    ...region,
    words: Math.ceil(region.words / LINE) * LINE,
    suffix: (at) => (at < region.words ? region.suffix(at) : ` padding[${at - region.words}]`),
  }
}

/** `count` equal regions in a row. */
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

/** Named regions, one after the other. */
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
