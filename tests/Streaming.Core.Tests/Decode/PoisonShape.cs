using Streaming.Contracts;

namespace Streaming.Core.Tests.Decode;

/// <summary>One of the forty shapes of a poison message, and what becomes of it.</summary>
/// <param name="Number">Number in docs/dead-letters.md.</param>
/// <param name="Name">What it is.</param>
/// <param name="Value">The record's value; null: a tombstone.</param>
/// <param name="Reason">The dead letter's reason; <see cref="DeadLetterReason.None"/>: it is applied, by a rule.</param>
/// <param name="Expected">What the applied event must say, as a part of its description.</param>
/// <param name="Key">The record's key.</param>
public sealed record PoisonShape(int Number, string Name, byte[]? Value, DeadLetterReason Reason, string Expected = "", string Key = DecodeFixture.Key)
{
    public override string ToString() => $"{Number} {Name}";
}
