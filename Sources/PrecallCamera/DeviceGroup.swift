import Glibc

/// The group whose members may use a device.
struct DeviceGroup {
  /// Its name, or its number where it has none.
  let name: String

  /// Nothing where joining it would not help, or do harm: the superuser's own group, one that may not read and
  /// write the device, or one that this program is a member of already.
  init?(of path: String) {
    var facts = stat()
    guard unsafe stat(path, &facts) == 0, facts.st_gid != 0, facts.st_mode & 0o060 == 0o060,
      !Self.isMember(facts.st_gid)
    else { return nil }
    name = Self.name(of: facts.st_gid)
  }

  private static func isMember(_ group: gid_t) -> Bool {
    var groups = [gid_t](repeating: 0, count: Int(getgroups(0, nil)))
    let count = unsafe getgroups(Int32(groups.count), &groups)
    return getegid() == group || groups.prefix(Int(max(0, count))).contains(group)
  }

  private static func name(of group: gid_t) -> String {
    var entry = unsafe Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var buffer = [CChar](repeating: 0, count: 4_096)
    let room = buffer.count
    guard unsafe getgrgid_r(group, &entry, &buffer, room, &found) == 0, unsafe found != nil,
      let name = unsafe entry.gr_name
    else { return "\(group)" }
    return unsafe String(cString: name)
  }
}
