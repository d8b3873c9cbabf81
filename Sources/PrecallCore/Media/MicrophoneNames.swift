/// What a person calls the things that findings are about, beside the microphone itself. For the screen only: never
/// written. Empty where there is no such thing.
package struct MicrophoneNames: Sendable, Equatable {
  /// The programs that hold the sound card, as `name (process)`.
  package var holders: Text = []
  /// The filter and the microphone behind it, as `filter on microphone`.
  package var filter: Text = []
  /// The microphone that the sound server moved the recording to.
  package var movedTo: Text = []
  /// The microphone that calls use unless they are told otherwise.
  package var defaultMicrophone: Text = []
  /// The one of two sides that has sound, where the other is dead.
  package var liveSide: Text = []
  /// The card that hides a microphone, and the profile that has it.
  package var hidingCard: Text = []
  /// The user whose sound it is, where that is another one.
  package var owner: Text = []
  /// The selected port, and that of a microphone.
  package var ports: Text = []

  package init() {}
}
