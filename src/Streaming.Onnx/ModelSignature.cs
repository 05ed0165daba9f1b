using System.Security.Cryptography;
using Streaming.Core.Errors;
using Streaming.Core.Score;

namespace Streaming.Onnx;

/// <summary>
/// The detached signature of a manifest. The manifest names every file of the model by its hash, so whoever may write the folder, but has no key, can change none of them.
/// Made by <c>openssl dgst -sha256 -sign private.pem -out manifest.json.sig manifest.json</c>: ECDSA (P-256 or larger, DER) or RSA (2,048 bits or more, PKCS #1) over SHA-256.
/// </summary>
internal static class ModelSignature
{
    /// <summary>Name of the signature's file.</summary>
    public const string FileName = ModelManifest.FileName + ".sig";

    private const int MinRsaBits = 2048, MinCurveBits = 256, MaxBytes = 4096;

    /// <summary>Reads the key so that a wrong one stops the start, not the first model.</summary>
    /// <param name="keyFile">PEM file of the public key; empty: nothing is required.</param>
    /// <exception cref="ModelRefusedException">No such file, no public key, or one that is too weak.</exception>
    public static void RequireKey(string keyFile)
    {
        if (keyFile.Length > 0) ReadKey(keyFile).Dispose();
    }

    /// <summary>Checks the signature of a manifest.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="manifest">Bytes of the manifest as they are used.</param>
    /// <param name="keyFile">PEM file of the public key; empty: nothing is required.</param>
    /// <exception cref="ModelRefusedException">There is no signature, or it is not this key's over these bytes.</exception>
    public static void Check(string folder, byte[] manifest, string keyFile)
    {
        if (keyFile.Length == 0) return;
        using var key = ReadKey(keyFile);
        var signature = Read(Path.Combine(folder, FileName));
        if (!IsValid(key, manifest, signature)) throw new ModelRefusedException($"{FileName} is no signature of {ModelManifest.FileName} by the key of {keyFile}");
    }

    private static bool IsValid(AsymmetricAlgorithm key, byte[] manifest, byte[] signature)
    {
        try
        {
            return key is ECDsa curve
                ? curve.VerifyData(manifest, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
                : ((RSA)key).VerifyData(manifest, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false; // bytes that are no signature of this kind at all
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= MaxBytes ? File.ReadAllBytes(path) : throw new ModelRefusedException($"{path} has {length} bytes: no signature");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"a signed model is required, but {path} cannot be read: {e.Message}", e);
        }
    }

    private static AsymmetricAlgorithm ReadKey(string path)
    {
        string pem;
        try
        {
            pem = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelRefusedException($"SigningKeyFile: {path} cannot be read: {e.Message}", e);
        }

        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal)) throw new ModelRefusedException($"SigningKeyFile: {path} holds a private key; the engine needs, and should have, the public one alone");
        AsymmetricAlgorithm key = TryImport(ECDsa.Create(), pem) ?? TryImport(RSA.Create(), pem) ?? throw new ModelRefusedException($"SigningKeyFile: {path} is no PEM file of a public ECDSA or RSA key");
        if (key.KeySize >= (key is RSA ? MinRsaBits : MinCurveBits)) return key;
        var bits = key.KeySize;
        key.Dispose();
        throw new ModelRefusedException($"SigningKeyFile: {path} has {bits} bits; RSA keys need {MinRsaBits}, ECDSA keys {MinCurveBits}");
    }

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null; // of the other kind, or of none: the caller says so
        }
    }
}
