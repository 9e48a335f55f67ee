using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Benchmarks.Cases;

/// <summary>Random 4-bit experts in our form, in that of ONNX Runtime, and as the floats they stand for.</summary>
internal sealed class QuantisedExperts
{
    private QuantisedExperts((TensorValue Integers, TensorValue Scales, TensorValue Peer, TensorValue PeerScales, TensorValue Real) first,
        (TensorValue Integers, TensorValue Scales, TensorValue Peer, TensorValue PeerScales, TensorValue Real) second)
    {
        (In, ScaleIn, PeerIn, PeerScaleIn, RealIn) = first;
        (Out, ScaleOut, PeerOut, PeerScaleOut, RealOut) = second;
    }

    public TensorValue In { get; }

    public TensorValue ScaleIn { get; }

    public TensorValue PeerIn { get; }

    public TensorValue PeerScaleIn { get; }

    public TensorValue RealIn { get; }

    public TensorValue Out { get; }

    public TensorValue ScaleOut { get; }

    public TensorValue PeerOut { get; }

    public TensorValue PeerScaleOut { get; }

    public TensorValue RealOut { get; }

    public static QuantisedExperts Random(long experts, long hidden, long inner, long blockSize) =>
        new(Weights(5, experts, hidden, 2 * inner, blockSize), Weights(6, experts, inner, hidden, blockSize));

    private static (TensorValue, TensorValue, TensorValue, TensorValue, TensorValue) Weights(int seed, long groups, long depth,
        long columns, long blockSize)
    {
        long blocks = depth / blockSize;
        TensorValue ours = TensorValue.Allocate(ElementType.Int4, [groups, depth, columns], clear: true),
            scales = TensorValue.Allocate(ElementType.Float, [groups, blocks, columns]);
        TensorValue theirs = TensorValue.Allocate(ElementType.UInt8, [groups, columns, depth / 2], clear: true),
            theirScales = TensorValue.Allocate(ElementType.Float, [groups, columns, blocks]);
        TensorValue real = TensorValue.Allocate(ElementType.Float, [groups, depth, columns]);
        var random = new Random(seed);
        random.NextBytes(ours.Bytes);
        foreach (ref float scale in scales.Span<float>()) scale = (random.NextSingle() + 0.5f) * 0.01f;
        Parallel.For(0, groups, g =>
        {
            Span<byte> from = ours.Bytes, to = theirs.Bytes;
            Span<float> values = real.Span<float>(), scale = scales.Span<float>(), theirScale = theirScales.Span<float>();
            for (long k = 0; k < depth; k++)
                for (long n = 0; n < columns; n++)
                {
                    long at = (g * depth + k) * columns + n;
                    // Ours is signed; theirs is 8 more.
                    int integer = ((from[(int)(at / 2)] >> (int)(at % 2 * 4) & 15) ^ 8) - 8;
                    float s = scale[(int)((g * blocks + k / blockSize) * columns + n)];
                    values[(int)at] = integer * s;
                    to[(int)(((g * columns + n) * depth + k) / 2)] |= (byte)(integer + 8 << (int)(k % 2 * 4));
                    theirScale[(int)((g * columns + n) * blocks + k / blockSize)] = s;
                }
        });
        return (ours, scales, theirs, theirScales, real);
    }
}
