using System.Security.Cryptography;
using Streaming.Core.Errors;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>The bytes of a model folder, read once and checked against the manifest: what is hashed is what is run.</summary>
internal sealed class ModelFolder
{
    /// <summary>Largest model file, bytes: what one array can hold.</summary>
    public const long MaxModelBytes = 2_000_000_000;

    private ModelFolder(ModelManifest manifest, byte[] model, Dictionary<string, byte[]> externalData)
    {
        Manifest = manifest;
        Model = model;
        ExternalData = externalData;
    }

    /// <summary>The manifest.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The model file's bytes.</summary>
    public byte[] Model { get; }

    /// <summary>Files with tensor data that the model names, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> ExternalData { get; }

    /// <summary>Reads a folder and checks the signature, hashes and external data.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="signingKeyFile">Public key that must have signed the manifest; empty: none.</param>
    /// <exception cref="ModelRefusedException">A file is missing, unreadable, not the manifest's, or points outside the folder; or the signature is not there or not the key's.</exception>
    public static ModelFolder Read(string folder, string signingKeyFile)
    {
        var bytes = Bytes(folder, ModelManifest.FileName);
        ModelSignature.Check(folder, bytes, signingKeyFile);
        var manifest = ModelManifestJson.Read(bytes);
        var model = Bytes(folder, manifest.File);
        CheckHash(manifest.File, model, manifest.Sha256);
        return new ModelFolder(manifest, model, ReadExternalData(folder, manifest, model));
    }

    private static Dictionary<string, byte[]> ReadExternalData(string folder, ModelManifest manifest, byte[] model)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var location in Onnx.ExternalData.Locations(model).Distinct(StringComparer.Ordinal))
        {
            if (!IsPlainName(location)) throw new ModelRefusedException($"{manifest.File} reads tensor data from '{location}', which is outside the model's folder");
            if (manifest.Files is null || !manifest.Files.TryGetValue(location, out var sha256)) throw new ModelRefusedException($"{manifest.File} reads tensor data from '{location}', which {ModelManifest.FileName} does not list under files");
            var bytes = Bytes(folder, location);
            CheckHash(location, bytes, sha256);
            files.Add(location, bytes);
        }

        return files;
    }

    private static void CheckHash(string file, byte[] bytes, string expected)
    {
        var actual = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(actual, expected, StringComparison.OrdinalIgnoreCase)) throw new ModelRefusedException($"{file} has sha256 {actual}, {ModelManifest.FileName} says {expected}");
    }

    private static byte[] Bytes(string folder, string name)
    {
        if (!IsPlainName(name)) throw new ModelRefusedException($"'{name}' is not the name of a file within the model's folder");
        var path = Path.Combine(folder, name);
        try
        {
            var length = new FileInfo(path).Length;
            return length <= MaxModelBytes ? File.ReadAllBytes(path) : throw new ModelRefusedException($"{path} has {length} bytes, more than {MaxModelBytes}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static bool IsPlainName(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}
