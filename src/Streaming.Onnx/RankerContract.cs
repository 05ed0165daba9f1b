using Microsoft.ML.OnnxRuntime;
using Streaming.Core.Errors;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>What a ranker must look like: input <c>features</c> float32 [rows, F], output <c>score</c> float32 [rows] or [rows, 1], features in the engine's order.</summary>
internal static class RankerContract
{
    /// <summary>Name of the input.</summary>
    public const string Input = "features";

    /// <summary>Name of the output.</summary>
    public const string Output = "score";

    /// <summary>Checks a manifest before its model is opened.</summary>
    /// <exception cref="ModelRefusedException">Says what was found and what is needed.</exception>
    public static void CheckManifest(ModelManifest manifest)
    {
        if (manifest.Kind != ModelManifest.RankerKind) throw new ModelRefusedException($"the model is of kind '{manifest.Kind}', not '{ModelManifest.RankerKind}'");
        CheckFeatures(manifest);
        var input = Only(manifest.Inputs, "input", Input);
        if (input.Type != TensorSpec.Float32 || !input.Shape.SequenceEqual([-1, RankerFeatures.Count])) throw new ModelRefusedException($"input is {input}; the ranker needs {Input} {TensorSpec.Float32} [-1, {RankerFeatures.Count}]");
        var output = Only(manifest.Outputs, "output", Output);
        if (output.Type != TensorSpec.Float32 || !IsScoreShape(output.Shape)) throw new ModelRefusedException($"output is {output}; the ranker needs {Output} {TensorSpec.Float32} [-1] or [-1, 1]");
    }

    /// <summary>Checks that an opened model is what its manifest says.</summary>
    /// <returns>True where the output has shape [rows, 1].</returns>
    /// <exception cref="ModelRefusedException">Says what was found and what is needed.</exception>
    public static bool CheckSession(InferenceSession session, ModelManifest manifest)
    {
        Same("input", session.InputMetadata, manifest.Inputs[0]);
        Same("output", session.OutputMetadata, manifest.Outputs[0]);
        return manifest.Outputs[0].Shape.Count == 2;
    }

    private static void CheckFeatures(ModelManifest manifest)
    {
        if (manifest.FeatureHash == RankerFeatures.Hash) return;
        if (manifest.FeatureHash is null) throw new ModelRefusedException("the manifest has no featureHash");
        var named = manifest.Features ?? [];
        var unknown = named.Except(RankerFeatures.Names).ToArray();
        var missing = RankerFeatures.Names.Except(named).ToArray();
        var why = unknown.Length + missing.Length == 0 ? "the order or the hash differs" : $"unknown: {Listed(unknown)}; missing: {Listed(missing)}";
        throw new ModelRefusedException($"the model was trained for features with hash {manifest.FeatureHash}, the engine has {RankerFeatures.Hash} ({why})");
    }

    private static string Listed(string[] names) => names.Length == 0 ? "none" : string.Join(", ", names);

    private static TensorSpec Only(IReadOnlyList<TensorSpec> specs, string what, string name)
    {
        if (specs.Count == 1 && specs[0].Name == name) return specs[0];
        throw new ModelRefusedException($"the manifest has {what}s ({string.Join("; ", specs)}); the ranker needs one, '{name}'");
    }

    private static void Same(string what, IReadOnlyDictionary<string, NodeMetadata> actual, TensorSpec spec)
    {
        if (actual.Count == 1 && actual.TryGetValue(spec.Name, out var node) && node.IsTensor && node.ElementType == typeof(float)
            && node.Dimensions.Select(d => (long)d).SequenceEqual(spec.Shape)) return;
        var found = string.Join("; ", actual.Select(a => $"{a.Key} {a.Value.ElementDataType} [{string.Join(", ", a.Value.Dimensions)}]"));
        throw new ModelRefusedException($"the model's {what}s are ({found}), the manifest says ({spec})");
    }

    private static bool IsScoreShape(IReadOnlyList<long> shape) => shape.SequenceEqual([-1]) || shape.SequenceEqual([-1, 1]);
}
