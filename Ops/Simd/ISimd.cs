namespace Ops.Simd;

/// <summary>
/// A vector of <see cref="Count"/> elements, or a single element, in which a kernel computes; the same body serves every width.
/// </summary>
/// <typeparam name="V">The vector itself.</typeparam>
/// <typeparam name="T">float, double or an 8- to 64-bit integer; byte also stands for bool.</typeparam>
/// <remarks>
/// An element's result never depends on its lane, its neighbours or the width. Comparisons give masks: all bits set, or none.
/// Integer arithmetic wraps. Functions named after <see cref="Math"/> that make no sense for integers throw <see
/// cref="NotSupportedException"/>.
/// </remarks>
public unsafe interface ISimd<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged
{
    /// <summary>How many elements the vector has.</summary>
    static abstract int Count { get; }

    /// <summary>All elements 0.</summary>
    static abstract V Zero { get; }

    /// <summary>All bits set: the mask that is true everywhere.</summary>
    static abstract V AllBitsSet { get; }

    /// <summary>The elements 0, 1, 2, ...</summary>
    static abstract V Indices { get; }

    /// <summary>All elements <paramref name="value"/>.</summary>
    static abstract V Create(T value);

    /// <summary>All elements <paramref name="value"/>, rounded (floats) or saturated and truncated (integers) to T.</summary>
    static abstract V Constant(double value);

    /// <summary>The <see cref="Count"/> elements at <paramref name="source"/>, which needs no alignment.</summary>
    static abstract V Load(T* source);

    /// <summary>Writes the <see cref="Count"/> elements to <paramref name="destination"/>, which needs no alignment.</summary>
    static abstract void Store(V value, T* destination);

    /// <summary>As <see cref="Store"/>, past the caches; <paramref name="destination"/> must be aligned to the vector's size.</summary>
    static abstract void StoreNonTemporal(V value, T* destination);

    /// <summary>
    /// The first <paramref name="count"/> elements at <paramref name="source"/>, the rest 0; touches nothing beyond them.
    /// </summary>
    static abstract V LoadPartial(T* source, int count);

    /// <summary>Writes the first <paramref name="count"/> elements, and nothing beyond them.</summary>
    static abstract void StorePartial(V value, T* destination, int count);

    /// <summary>Only for float and double: the elements at <paramref name="places"/>, which are integral and from 0 to 2^31 - 1.</summary>
    static abstract V Gather(T* source, V places);

    /// <summary>Only for float: <see cref="Count"/> halves, widened exactly.</summary>
    static abstract V LoadHalf(Half* source);

    /// <summary>Only for float: rounds to nearest, ties to even, and writes <see cref="Count"/> halves.</summary>
    static abstract void StoreHalf(V value, Half* destination);

    /// <summary>Only for float: <see cref="Count"/> bfloat16, widened exactly.</summary>
    static abstract V LoadBFloat16(BFloat16* source);

    /// <summary>Only for float: rounds to nearest, ties to even, and writes <see cref="Count"/> bfloat16.</summary>
    static abstract void StoreBFloat16(V value, BFloat16* destination);

    /// <summary>Only for float: <see cref="Count"/> signed bytes, exactly.</summary>
    static abstract V LoadSByte(sbyte* source);

    /// <summary>Reads <see cref="Count"/> bools; a mask that is true where a byte is not 0.</summary>
    static abstract V LoadMask(byte* source);

    /// <summary>Writes <see cref="Count"/> bools, 1 where <paramref name="mask"/> is true and 0 elsewhere.</summary>
    static abstract void StoreMask(V mask, byte* destination);

    /// <summary>Sum.</summary>
    static abstract V operator +(V left, V right);

    /// <summary>Difference.</summary>
    static abstract V operator -(V left, V right);

    /// <summary>Product.</summary>
    static abstract V operator *(V left, V right);

    /// <summary>Quotient; of integers truncated, 0 for a divisor of 0, and wrapping for the least integer over -1.</summary>
    static abstract V operator /(V left, V right);

    /// <summary>Negation.</summary>
    static abstract V operator -(V value);

    /// <summary>Bitwise and.</summary>
    static abstract V operator &(V left, V right);

    /// <summary>Bitwise or.</summary>
    static abstract V operator |(V left, V right);

    /// <summary>Bitwise exclusive or.</summary>
    static abstract V operator ^(V left, V right);

    /// <summary>Bitwise complement.</summary>
    static abstract V operator ~(V value);

    /// <summary>Mask of left == right.</summary>
    static abstract V Equal(V left, V right);

    /// <summary>Mask of left != right.</summary>
    static abstract V NotEqual(V left, V right);

    /// <summary>Mask of left &lt; right.</summary>
    static abstract V Less(V left, V right);

    /// <summary>Mask of left &lt;= right.</summary>
    static abstract V LessOrEqual(V left, V right);

    /// <summary>Mask of left &gt; right.</summary>
    static abstract V Greater(V left, V right);

    /// <summary>Mask of left &gt;= right.</summary>
    static abstract V GreaterOrEqual(V left, V right);

    /// <summary>
    /// <paramref name="whenTrue"/> where <paramref name="mask"/> has ones, else <paramref name="whenFalse"/>, bit by bit.
    /// </summary>
    static abstract V Select(V mask, V whenTrue, V whenFalse);

    /// <summary>Mask of the NaNs; nowhere true for integers.</summary>
    static abstract V IsNaN(V value);

    /// <summary>Mask of the infinities; nowhere true for integers.</summary>
    static abstract V IsInfinity(V value);

    /// <summary>Whether <paramref name="mask"/> is true anywhere.</summary>
    static abstract bool Any(V mask);

    /// <summary>Whether <paramref name="mask"/> is true everywhere.</summary>
    static abstract bool All(V mask);

    /// <summary>Absolute value; the least signed integer stays itself.</summary>
    static abstract V Abs(V value);

    /// <summary>-1, 0 or 1 (0 or 1 for unsigned); a zero and a NaN stay themselves.</summary>
    static abstract V Sign(V value);

    /// <summary>The magnitude of <paramref name="value"/> with the sign of <paramref name="sign"/>.</summary>
    static abstract V CopySign(V value, V sign);

    /// <summary>IEEE 754-2019 minimum: NaN if either is, and -0 below +0.</summary>
    static abstract V Min(V left, V right);

    /// <summary>IEEE 754-2019 maximum: NaN if either is, and -0 below +0.</summary>
    static abstract V Max(V left, V right);

    /// <summary>The larger one by the quickest instruction; of a NaN and a number, or of -0 and +0, either.</summary>
    static abstract V MaxNative(V left, V right);

    /// <summary>
    /// The value, but not below <paramref name="low"/> nor above <paramref name="high"/>; a NaN stays. Bounds are not NaN; low &lt;= high.
    /// </summary>
    static abstract V Clamp(V value, V low, V high);

    /// <summary>Square root, correctly rounded; of integers truncated.</summary>
    static abstract V Sqrt(V value);

    /// <summary>The greatest integral value not above.</summary>
    static abstract V Floor(V value);

    /// <summary>The least integral value not below.</summary>
    static abstract V Ceiling(V value);

    /// <summary>The nearest integral value, halves to even.</summary>
    static abstract V Round(V value);

    /// <summary>The integral part.</summary>
    static abstract V Truncate(V value);

    /// <summary>left * right + addend, rounded once; of integers wrapping.</summary>
    static abstract V FusedMultiplyAdd(V left, V right, V addend);

    /// <summary>The remainder with the dividend's sign (C's fmod and %); of integers 0 for a divisor of 0.</summary>
    static abstract V Remainder(V left, V right);

    /// <summary>The remainder with the divisor's sign (Python's %); of integers 0 for a divisor of 0.</summary>
    static abstract V Modulo(V left, V right);

    /// <summary>
    /// value * 2^exponent, rounded once, for an integral exponent that brings the value from or to about 1. Only for float and double.
    /// </summary>
    static abstract V Scale(V value, V exponent);

    /// <summary>
    /// The exponent e of |value| = m * 2^e with 1 &lt;= m &lt; 2; for finite values other than 0. Only for float and double.
    /// </summary>
    static abstract V Exponent(V value);

    /// <summary>e^value.</summary>
    static abstract V Exp(V value);

    /// <summary>2^value.</summary>
    static abstract V Exp2(V value);

    /// <summary>e^value / 2^<paramref name="whole"/>, about 1 at most, in few steps; |value| and |whole| up to 2^21, or a value of
    /// -infinity.</summary>
    /// <remarks>Of floats, log 2 is <see cref="Constants.FloatLn2"/> throughout.</remarks>
    static abstract V ExpOver(V value, V whole);

    /// <summary>2^(value - <paramref name="whole"/>), about 1 at most, in few steps; |value| and |whole| up to 2^21, or a value of
    /// -infinity.</summary>
    static abstract V Exp2Over(V value, V whole);

    /// <summary>Natural logarithm.</summary>
    static abstract V Log(V value);

    /// <summary>log(1 + value), precise near 0.</summary>
    static abstract V Log1p(V value);

    /// <summary>e^value - 1, precise near 0.</summary>
    static abstract V Expm1(V value);

    /// <summary>Hyperbolic tangent.</summary>
    static abstract V Tanh(V value);

    /// <summary>The error function.</summary>
    static abstract V Erf(V value);

    /// <summary>Sine of an angle in radians.</summary>
    static abstract V Sin(V value);

    /// <summary>Cosine of an angle in radians.</summary>
    static abstract V Cos(V value);

    /// <summary>Tangent of an angle in radians.</summary>
    static abstract V Tan(V value);

    /// <summary>Arc sine in radians.</summary>
    static abstract V Asin(V value);

    /// <summary>Arc cosine in radians.</summary>
    static abstract V Acos(V value);

    /// <summary>Arc tangent in radians.</summary>
    static abstract V Atan(V value);

    /// <summary>Hyperbolic sine.</summary>
    static abstract V Sinh(V value);

    /// <summary>Hyperbolic cosine.</summary>
    static abstract V Cosh(V value);

    /// <summary>Inverse hyperbolic sine.</summary>
    static abstract V Asinh(V value);

    /// <summary>Inverse hyperbolic cosine.</summary>
    static abstract V Acosh(V value);

    /// <summary>Inverse hyperbolic tangent.</summary>
    static abstract V Atanh(V value);

    /// <summary>value^exponent; of integers wrapping, a negative exponent giving the truncated quotient (0 for a base of 0).</summary>
    static abstract V Pow(V value, V exponent);

    /// <summary>Integers only: shifted towards the high bits; a count outside 0..bits-1 gives 0.</summary>
    static abstract V ShiftLeft(V value, V count);

    /// <summary>
    /// Integers only: shifted towards the low bits, signed ones arithmetically; a count outside 0..bits-1 gives 0, or the sign.
    /// </summary>
    static abstract V ShiftRight(V value, V count);

    /// <summary>Element i becomes element i ^ <paramref name="distance"/>, a power of two below <see cref="Count"/>.</summary>
    static abstract V Exchange(V value, int distance);

    /// <summary>The first element.</summary>
    static abstract T First(V value);

    /// <summary>The sum of all elements, in a fixed order: halves onto each other.</summary>
    static abstract T SumLanes(V value);

    /// <summary>The <see cref="Max"/> of all elements.</summary>
    static abstract T MaxLanes(V value);

    /// <summary>The <see cref="Min"/> of all elements.</summary>
    static abstract T MinLanes(V value);
}
