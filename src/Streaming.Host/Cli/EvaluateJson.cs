using System.Text.Json.Serialization;
using Streaming.Training.Churn;
using Streaming.Training.Evaluate;
using Streaming.Training.NextItem;
using Streaming.Training.Policy;
using Streaming.Training.Sentiment;
using Streaming.Training.Uplift;

namespace Streaming.Host.Cli;

/// <summary>Source-generated serialisation of result lines: camelCase, nulls left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(NextBasketResult))]
[JsonSerializable(typeof(NextItemResult))]
[JsonSerializable(typeof(ChurnResult))]
[JsonSerializable(typeof(UpliftResult))]
[JsonSerializable(typeof(PolicyResult))]
[JsonSerializable(typeof(SentimentResult))]
internal sealed partial class EvaluateJson : JsonSerializerContext;
