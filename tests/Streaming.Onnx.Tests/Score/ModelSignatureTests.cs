using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Core.Errors;
using Streaming.Core.Score;

namespace Streaming.Onnx.Tests.Score;

public sealed class ModelSignatureTests : IDisposable
{
    private static readonly OnnxScorerOptions Options = new() { ExecutionProvider = ExecutionProvider.Cpu, MaxBatchRows = 64, PollInterval = TimeSpan.FromMilliseconds(100) };
    private readonly TestFolder _folder = new TestFolder().With(TestModels.FirstColumn());
    private readonly TestFolder _keys = new();

    public void Dispose()
    {
        _folder.Dispose();
        _keys.Dispose();
    }

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public void Load_of_a_signed_model_is_taken(string kind)
    {
        Sign(kind);
        using var model = ModelLoader.Load(_folder.Path, Options with { SigningKeyFile = Key });
        Assert.Equal("test/1", model.Version);
    }

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public void Load_of_anything_changed_after_signing_is_refused(string kind)
    {
        Sign(kind);
        var two = TestModels.FirstColumn(2);
        _folder.With(two); // with a manifest that fits: the hash alone would let it in
        Refused("no signature of manifest.json by the key");
        var live = LoadedModel.Live;
        Sign(kind);
        _folder.Put("model.onnx", TestModels.FirstColumn(3));
        Refused("sha256");
        Assert.Equal(live, LoadedModel.Live);
    }

    [Fact]
    public void Load_with_another_key_is_refused()
    {
        Sign("ecdsa");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _keys.Put("public.pem", System.Text.Encoding.ASCII.GetBytes(other.ExportSubjectPublicKeyInfoPem()));
        Refused("no signature");
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x30, 0x80, 1, 2, 3 })]
    [InlineData(new byte[] { 1 })]
    public void Load_with_bytes_that_are_no_signature_is_refused(byte[] bytes)
    {
        Sign("ecdsa");
        _folder.Put(ModelSignature.FileName, bytes);
        Refused("no signature");
        _folder.Put(ModelSignature.FileName, new byte[5000]);
        Refused("no signature");
    }

    [Fact]
    public void Load_without_signature_is_refused()
    {
        Sign("ecdsa");
        File.Delete(Path.Combine(_folder.Path, ModelSignature.FileName));
        Refused("a signed model is required");
    }

    [Fact]
    public async Task Unsigned_model_leaves_the_signed_one_serving()
    {
        Sign("ecdsa");
        await using var service = ScoringService.Start(Options with { SigningKeyFile = Key, ModelFolder = _folder.Path }, NullLoggerFactory.Instance, TimeProvider.System);
        Assert.Equal("test/1", service.Scorer.ModelVersion);
        var two = TestModels.FirstColumn(2);
        _folder.With(two, TestModels.Manifest(two, "2"));
        await OnnxScorerTests.Eventually(() => service.Status.LastRefusal?.Contains("no signature", StringComparison.Ordinal) == true);
        Assert.Equal("test/1", service.Scorer.ModelVersion);
        Sign("ecdsa");
        await OnnxScorerTests.Eventually(() => service.Scorer.ModelVersion == "test/2");
    }

    [Fact]
    public void Start_with_a_key_that_is_none_is_refused()
    {
        using var weak = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var (pem, why) in new[] { ("hello", "no PEM file of a public"), (weak.ExportSubjectPublicKeyInfoPem(), "1024 bits"), (curve.ExportPkcs8PrivateKeyPem(), "private key") })
        {
            _keys.Put("public.pem", System.Text.Encoding.ASCII.GetBytes(pem));
            Assert.Contains(why, Assert.Throws<ModelRefusedException>(() => ScoringService.Start(Options with { SigningKeyFile = Key }, NullLoggerFactory.Instance, TimeProvider.System)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("SigningKeyFile", Assert.Single((Options with { SigningKeyFile = Path.Combine(_keys.Path, "none.pem") }).Validate()), StringComparison.Ordinal);
    }

    private string Key => Path.Combine(_keys.Path, "public.pem");

    private void Refused(string why) =>
        Assert.Contains(why, Assert.Throws<ModelRefusedException>(() => ModelLoader.Load(_folder.Path, Options with { SigningKeyFile = Key })).Message, StringComparison.Ordinal);

    // As openssl dgst -sha256 -sign does.
    private void Sign(string kind)
    {
        var manifest = File.ReadAllBytes(Path.Combine(_folder.Path, ModelManifest.FileName));
        var (signature, pem) = kind == "rsa" ? SignWithRsa(manifest) : SignWithCurve(manifest);
        _folder.Put(ModelSignature.FileName, signature);
        _keys.Put("public.pem", System.Text.Encoding.ASCII.GetBytes(pem));
    }

    private static (byte[] Signature, string Pem) SignWithRsa(byte[] bytes)
    {
        using var key = RSA.Create(2048);
        return (key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), key.ExportSubjectPublicKeyInfoPem());
    }

    private static (byte[] Signature, string Pem) SignWithCurve(byte[] bytes)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), key.ExportSubjectPublicKeyInfoPem());
    }
}
