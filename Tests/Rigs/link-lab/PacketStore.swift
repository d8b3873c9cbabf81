/// The packets that are on their way: their bytes in slots of fixed size, their order in a binary heap.
struct PacketStore {
  struct Held {
    var release: Int64
    var order: UInt64
    var slot: Int32
    var length: Int32
    var number: Int32

    static func < (one: Self, other: Self) -> Bool {
      (one.release, one.order) < (other.release, other.order)
    }
  }

  static let slotSize = 2048
  private static let slotsInBlock = 1024
  /// 400 MB: a second at 3 Gbit/s.
  private static let maximumBlocks = 200
  private var blocks: [UnsafeMutableRawPointer] = []
  private var free: [Int32] = []
  private var heap: [Held] = []
  private var order: UInt64 = 0

  var next: Int64? { heap.first?.release }

  func bytes(_ slot: Int32) -> UnsafeMutableRawPointer {
    blocks[Int(slot) / Self.slotsInBlock] + Int(slot) % Self.slotsInBlock * Self.slotSize
  }

  /// A slot to read a packet into; nothing where all are taken.
  mutating func reserve() -> Int32? {
    if let slot = free.popLast() { return slot }
    guard blocks.count < Self.maximumBlocks else { return nil }
    let first = Int32(blocks.count * Self.slotsInBlock)
    blocks.append(.allocate(byteCount: Self.slotsInBlock * Self.slotSize, alignment: 64))
    free.append(contentsOf: (first + 1..<first + Int32(Self.slotsInBlock)).reversed())
    return first
  }

  mutating func giveBack(_ slot: Int32) { free.append(slot) }

  mutating func hold(_ slot: Int32, length: Int, number: Int32, until release: Int64) {
    order += 1
    heap.append(Held(release: release, order: order, slot: slot, length: Int32(length), number: number))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child] < heap[parent] else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// The packet that is due first, if its time has come.
  mutating func takeDue(at now: Int64) -> Held? {
    guard let first = heap.first, first.release <= now else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      guard least != parent else { return first }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  mutating func clear() {
    for block in blocks { block.deallocate() }
    self = PacketStore()
  }
}
