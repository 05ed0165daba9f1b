using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Streaming.Pipeline.Wire;

/// <summary>
/// Stands in for the framework's JSON serializer, which builds any type that a peer names. A message without a serializer of its own is a
/// mistake here, and one that arrives is refused.
/// </summary>
internal sealed class RefusingSerializer : Serializer
{
    /// <summary>Called by the framework, which hands over the JSON serializer's settings; there is nothing to set here.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings) : base(system) => _ = settings;

    public override int Identifier => 1;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) => throw new SerializationException($"{obj.GetType()} has no serializer and may not travel between members.");

    public override object FromBinary(byte[] bytes, Type type) => throw new SerializationException($"{type} has no serializer and is not read from members.");
}
