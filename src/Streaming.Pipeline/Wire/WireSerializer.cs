using System.Buffers.Binary;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;
using Streaming.Pipeline.Membership;

namespace Streaming.Pipeline.Wire;

/// <summary>
/// Writes the few messages that travel between members, by hand, little endian. A manifest is a letter for the type and a number for its version; old ones
/// are read for as long as two versions may run together.
/// </summary>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Number of this serializer on the wire; 0 to 40 are the framework's own.</summary>
    public const int Id = 7201;

    private const string PingV1 = "P1", GetUserV1 = "G1", GetListV1 = "L1", UserReplyV1 = "U1", HandOffV1 = "H1", ShardsMoveV1 = "M1";

    public override int Identifier => Id;

    public override string Manifest(object o) => o switch
    {
        Ping => PingV1,
        GetUser => GetUserV1,
        GetList => GetListV1,
        UserReply => UserReplyV1,
        HandOff => HandOffV1,
        ShardsMove => ShardsMoveV1,
        _ => throw new SerializationException($"{o.GetType()} is no message between members."),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        Ping ping => WithNumber(ping.Partition, []),
        GetUser get => WithNumber(get.Partition, get.Key),
        GetList get => WithNumber(get.Partition, WithNumber(get.Length, get.Key)),
        UserReply reply => [(byte)reply.Result, .. reply.Json],
        HandOff or ShardsMove => [],
        _ => throw new SerializationException($"{obj.GetType()} is no message between members."),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        PingV1 when bytes.Length == 4 => new Ping(BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        GetUserV1 when bytes.Length > 4 => new GetUser(BinaryPrimitives.ReadInt32LittleEndian(bytes), bytes[4..]),
        GetListV1 when bytes.Length > 8 => new GetList(BinaryPrimitives.ReadInt32LittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(4)), bytes[8..]),
        UserReplyV1 when bytes.Length > 0 && Enum.IsDefined((UserResult)bytes[0]) => new UserReply((UserResult)bytes[0], bytes[1..]),
        HandOffV1 when bytes.Length == 0 => HandOff.Instance,
        ShardsMoveV1 when bytes.Length == 0 => ShardsMove.Instance,
        _ => throw new SerializationException($"A message '{manifest}' of {bytes.Length} bytes cannot be read: another version, or damaged."),
    };

    private static byte[] WithNumber(int number, ReadOnlySpan<byte> rest)
    {
        var bytes = new byte[4 + rest.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        rest.CopyTo(bytes.AsSpan(4));
        return bytes;
    }
}
