namespace Streaming.Host.Audit.Reference;

/// <summary>Limits of one event (docs/dead-letters.md; the settings <c>Decode:*</c>).</summary>
internal sealed record RefLimits(int MaxValueBytes, int MaxFields, int MaxTextBytes, int MaxIdBytes, int MaxResults, int MaxDepth, int MaxQuantity, long MaxUnitPriceE4);
