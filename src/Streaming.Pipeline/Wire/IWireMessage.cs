namespace Streaming.Pipeline.Wire;

/// <summary>A message that may travel between members; <see cref="WireSerializer"/> writes every one of them.</summary>
internal interface IWireMessage;
