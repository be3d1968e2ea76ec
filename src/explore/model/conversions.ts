/** How many objects have been converted to an operand of an access. Each conversion may have run any code. */
export const conversions = { ofObjects: 0 }
