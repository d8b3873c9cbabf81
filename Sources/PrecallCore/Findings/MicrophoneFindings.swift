/// What can be found of the microphone.
extension FindingKind {
  package static var microphone: [FindingKind] {
    [
      microphoneNoServer, microphoneStaleSocket, microphoneWrongUser, microphoneAccessRefused,
      microphoneServerFull, microphoneServerSilent, microphoneServerDied, microphoneNoSessionManager,
      microphoneNone, microphoneOnlyMonitors, microphoneNotFound, microphoneAmbiguous, microphoneNoData,
      microphoneSuspended, microphoneStalled, microphoneStreamFailed, microphoneUnplugged,
      microphoneMoved, microphoneVirtualIdle, microphoneMuted, microphoneMasterMuted, microphoneStreamMuted,
      microphoneVolumeZero, microphoneVolumeLow, microphoneDefaultMonitor, microphoneIsMonitor,
      microphoneNotDefault, microphoneTelephone, microphoneHeadsetMusic, microphoneOutputProfile,
      microphoneWideband, microphoneClockWrong, microphoneHeld,
      microphoneWrongPort, microphoneNothingPlugged, microphoneSilent, microphoneNoVoice,
      microphoneNoiseOnly, microphoneTooQuiet, microphoneClipping, microphoneNoisy, microphoneHum,
      microphoneOffset, microphoneChannelsCancel, microphoneDeadChannel, microphoneDropouts,
      microphoneAskedSilent, microphoneFiltered, microphoneVolumeHigh, microphoneTooLoud,
      microphoneNarrowband, microphoneSomeNoise, microphoneVolumeBoosted,
    ] + microphoneBrowser
  }
}
