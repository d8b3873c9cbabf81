// Where a server is.

/** The origin of an absolute http: or https: address; null of anything else. */
export function webOrigin(address) {
  try {
    const {protocol, origin} = new URL(address)
    return /^https?:$/.test(protocol) ? origin : null
  } catch {
    return null
  }
}
